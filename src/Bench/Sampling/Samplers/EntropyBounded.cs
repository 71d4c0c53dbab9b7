using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Reveals the surest of the masks that are denoised together, as many as keep the sum of their entropies without the largest within γ: a
/// bound on what drawing them independently gets wrong (EB-sampler, arXiv 2505.24857). A call a step until a group is done; what is left
/// then is revealed in calls of the step that settles it.
/// </summary>
/// <param name="Gamma">γ ≥ 0, in nats; 0 reveals one token a call, and with it those that are certain.</param>
public sealed record EntropyBounded(double Gamma) : ISampler
{
    /// <inheritdoc cref="EntropyBounded" path="/param"/>
    public double Gamma { get; } = Require.NonNegative(Gamma);

    /// <inheritdoc/>
    public string Name => $"entropy-bounded {Gamma}";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

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
    public Action<int> Begin(GenerationState state)
    {
        var choice = state.Draws.Split("word");
        return step =>
        {
            var groups = MaskedGroup.Of(state, step).ToArray();
            while (groups.Length > 0)
            {
                Reveal(state, step, groups, choice);
                groups = [.. MaskedGroup.Of(state, step).Where(group => group.IsLast)];
            }
        };
    }

    private void Reveal(GenerationState state, int step, MaskedGroup[] groups, RandomStream choice)
    {
        int size = state.Setup.Vocabulary.Size, first = 0;
        double[] distributions = state.Predict(step, [.. groups.SelectMany(group => group.Masked)], Times(state, groups));
        foreach (var group in groups)
        {
            double[] entropies =
                [.. group.Masked.Index().Select(entry => Confidence.Entropy(distributions.AsSpan((first + entry.Index) * size, size)))];
            int[] order = [.. Enumerable.Range(0, entropies.Length).OrderBy(m => entropies[m])];
            foreach (int m in order[..Count([.. order.Select(m => entropies[m])])])
            {
                var distribution = distributions.AsSpan((first + m) * size, size);
                state.Decoding.Apply(distribution, group.IsLast);
                state.Tokens[group.Masked[m]] = Categorical.Draw(distribution, state.Uniform(choice, step, group.Masked[m]));
            }

            first += group.Masked.Length;
        }
    }

    // The time that has as many masks; along a slide, where groups of several times are active together, that of the noisiest.
    private static double[]? Times(GenerationState state, MaskedGroup[] groups)
    {
        if (!state.Setup.View.IsNoiseConditioned)
            return null;
        var times = new double[state.Count];
        foreach (var group in groups)
        {
            int row = state.Row(group.Masked[0]);
            times[row] = Math.Max(times[row], NoiseTime.Where(state.Setup, (double)group.Masked.Length / group.Generated));
        }

        return times;
    }
}
