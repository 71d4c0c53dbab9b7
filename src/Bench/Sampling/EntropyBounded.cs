using Bench.Models;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>
/// Reveals the surest of the masks that are denoised together, as many as keep the sum of their entropies without the largest within γ: a bound on what drawing them
/// independently gets wrong (EB-sampler, arXiv 2505.24857). A call a step until a group is done; what is left then is revealed in calls of the step that settles it.
/// </summary>
/// <param name="Gamma">γ ≥ 0, in nats; 0 reveals one token a call, and with it those that are certain.</param>
public sealed record EntropyBounded(double Gamma) : ISampler
{
    /// <inheritdoc cref="EntropyBounded" path="/param"/>
    public double Gamma { get; } = Require.NonNegative(Gamma);

    /// <inheritdoc/>
    public string Name => $"entropy-bounded {Gamma}";

    /// <inheritdoc/>
    public string? Refuses(Denoising problem) => OnlyMasks.Refusal(problem);

    /// <summary>How many of the surest tokens may be revealed together; one at least.</summary>
    /// <param name="entropies">Ascending, in nats.</param>
    public int Count(ReadOnlySpan<double> entropies)
    {
        double withoutLargest = 0;
        int count = 1;
        while (count < entropies.Length && (withoutLargest += entropies[count - 1]) <= Gamma)
            count++;
        return count;
    }

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var word = canvas.Draws.Split("word");
        return step =>
        {
            var groups = MaskedGroup.Of(canvas, step).ToArray();
            while (groups.Length > 0)
            {
                Reveal(canvas, step, groups, word);
                groups = [.. MaskedGroup.Of(canvas, step).Where(group => group.IsLast)];
            }
        };
    }

    private void Reveal(Canvas canvas, int step, MaskedGroup[] groups, RandomStream word)
    {
        int size = canvas.Problem.Words.Size, first = 0;
        double[] laws = canvas.Predict(step, [.. groups.SelectMany(group => group.Masked)], Times(canvas, groups));
        foreach (var group in groups)
        {
            double[] entropies = [.. group.Masked.Index().Select(entry => Confidence.Entropy(laws.AsSpan((first + entry.Index) * size, size)))];
            int[] order = [.. Enumerable.Range(0, entropies.Length).OrderBy(m => entropies[m])];
            foreach (int m in order[..Count([.. order.Select(m => entropies[m])])])
            {
                var law = laws.AsSpan((first + m) * size, size);
                canvas.Choice.Apply(law, group.IsLast);
                canvas.Tokens[group.Masked[m]] = Categorical.Draw(law, canvas.Uniform(word, step, group.Masked[m]));
            }

            first += group.Masked.Length;
        }
    }

    // The time that has as many masks; along a slide, where groups of several times are active together, that of the noisiest.
    private static double[]? Times(Canvas canvas, MaskedGroup[] groups)
    {
        if (!canvas.Problem.View.IsTold)
            return null;
        var times = new double[canvas.Count];
        foreach (var group in groups)
        {
            int row = canvas.Row(group.Masked[0]);
            times[row] = Math.Max(times[row], NoiseTime.Where(canvas.Problem, (double)group.Masked.Length / group.Generated));
        }

        return times;
    }
}
