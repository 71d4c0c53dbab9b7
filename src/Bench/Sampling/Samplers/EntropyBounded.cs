using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Accepts the surest of the tokens that are denoised together, as many as keep the sum of their entropies without the largest within γ: a
/// bound on what drawing them independently gets wrong. A call a step until a group is done; what is left then is decided in the step that
/// settles it.
/// </summary>
/// <remarks>
/// With noise that only masks, masks are revealed for good (EB-sampler, arXiv 2505.24857). With other noise a position is judged anew in
/// every call by the distribution of its clean token given all of the sequence, its own token included; those that are not accepted become
/// noise again, of the level at which as much is kept as has been accepted (DiffusionGemma; the level for mixed noise is this suite's).
/// </remarks>
/// <param name="Gamma">γ ≥ 0, in nats; 0 accepts one token a call, and with it those that are certain.</param>
public sealed record EntropyBounded(double Gamma) : ISampler
{
    /// <inheritdoc cref="EntropyBounded" path="/param"/>
    public double Gamma { get; } = Require.NonNegative(Gamma);

    /// <inheritdoc/>
    public string Name => $"entropy-bounded {Gamma}";

    /// <inheritdoc/>
    public bool HasDeterminedOrder(DiffusionSetup setup) => setup.OnlyMasks;

    /// <summary>How many of the surest tokens may be accepted together; one at least.</summary>
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
        var draws = new Draws(state.Draws.Split("word"), state.Draws.Split("noise"), state.Draws.Split("noise words"));
        var shares = new Dictionary<(int Row, int Onset), double>(); // of the groups whose tokens are judged anew: what was accepted
        return step =>
        {
            for (var groups = Open(state, step, shares); groups.Length > 0; groups = [.. Open(state, step, shares).Where(g => g.IsLast)])
            {
                Accept(state, step, groups, draws);
                foreach (var group in groups)
                    shares[group.Key] = group.Accepted;
            }
        };
    }

    private static Group[] Open(GenerationState state, int step, Dictionary<(int Row, int Onset), double> shares)
    {
        if (state.Setup.OnlyMasks)
            return [.. MaskedGroup.Of(state, step).Select(group => new Group((0, 0), group.Masked, group.Generated, group.IsLast)
            {
                Accepted = 1 - ((double)group.Masked.Length / group.Generated),
            })];
        var hyperschedule = state.Setup.Hyperschedule;
        return [.. state.Active(step)
            .GroupBy(at => (Row: state.Row(at), Onset: hyperschedule.OnsetOf(state.Position(at)),
                Settled: hyperschedule.SettledAfter(state.Position(at))))
            .Select(group => new Group((group.Key.Row, group.Key.Onset), [.. group], group.Count(), group.Key.Settled == step + 1)
            {
                Accepted = shares.GetValueOrDefault((group.Key.Row, group.Key.Onset)),
            })
            .Where(group => group.Accepted < 1)];
    }

    private void Accept(GenerationState state, int step, Group[] groups, Draws draws)
    {
        int size = state.Setup.Vocabulary.Size, first = 0;
        double[] distributions = state.Predict(step, [.. groups.SelectMany(group => group.Open)], Times(state, groups));
        foreach (var group in groups)
        {
            if (!state.Setup.OnlyMasks)
                Observe(state, group, distributions.AsSpan(first * size, group.Open.Length * size));
            int start = first;
            double[] entropies = [.. group.Open.Index()
                .Select(entry => Confidence.Entropy(distributions.AsSpan((start + entry.Index) * size, size)))];
            int[] order = [.. Enumerable.Range(0, entropies.Length).OrderBy(m => entropies[m])];
            int count = group.IsLast && !state.Setup.OnlyMasks ? order.Length : Count([.. order.Select(m => entropies[m])]);
            foreach (int m in order[..count])
            {
                var distribution = distributions.AsSpan((first + m) * size, size);
                state.Decoding.Apply(distribution, group.IsLast);
                state.Reveal(group.Open[m], distribution, draws.Word, step);
            }

            if (!state.Setup.OnlyMasks)
            {
                group.Accepted = (double)count / group.Size;
                Renoise(state, step, [.. order[count..].Select(m => group.Open[m])], group.Accepted, draws);
            }

            first += group.Open.Length;
        }
    }

    // From predictions, which leave the token out, to the distribution given all of the sequence.
    private static void Observe(GenerationState state, Group group, Span<double> distributions)
    {
        int size = state.Setup.Vocabulary.Size;
        var now = state.Setup.At(NoiseTime.Where(state.Setup, 1 - group.Accepted));
        foreach (var (m, at) in group.Open.Index())
        {
            var distribution = distributions.Slice(m * size, size - 1);
            if (!state.IsMasked(at))
                Scores.PosteriorOf(distribution, now, (int)state.Tokens[at]).CopyTo(distribution);
        }
    }

    private static void Renoise(GenerationState state, int step, int[] rejected, double accepted, Draws draws)
    {
        if (rejected.Length == 0)
            return;
        var noise = state.Setup.At(NoiseTime.Where(state.Setup, 1 - accepted)).Mixing;
        var vocabulary = state.Setup.Vocabulary;
        foreach (int at in rejected)
            state.Tokens[at] = state.Uniform(draws.Noise, step, at) < noise.MaskProbability
                ? vocabulary.MaskId
                : (int)(state.Uniform(draws.NoiseWord, step, at) * vocabulary.TokenCount);
    }

    // The time at which as much is noise; along a slide, where groups of several times are active together, that of the noisiest.
    private static double[]? Times(GenerationState state, Group[] groups)
    {
        if (!state.Setup.View.IsNoiseConditioned)
            return null;
        var times = new double[state.Count];
        foreach (var group in groups)
        {
            int row = state.Row(group.Open[0]);
            double noise = state.Setup.OnlyMasks ? (double)group.Open.Length / group.Size : 1 - group.Accepted;
            times[row] = Math.Max(times[row], NoiseTime.Where(state.Setup, noise));
        }

        return times;
    }

    private sealed record Draws(RandomStream Word, RandomStream Noise, RandomStream NoiseWord);

    // Tokens that are denoised together and still open, out of so many.
    private sealed record Group((int Row, int Onset) Key, int[] Open, int Size, bool IsLast)
    {
        public double Accepted { get; set; }
    }
}
