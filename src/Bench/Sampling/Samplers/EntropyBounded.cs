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
/// With noise that only masks, masks are revealed for good (EB-sampler, arXiv 2505.24857). With other noise a position is decided anew in
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
        IAcceptance acceptance = state.Setup.OnlyMasks ? new ForGood(state) : new Anew(state);
        var choice = state.Draws.Split("word");
        return step =>
        {
            for (var groups = acceptance.Open(step); groups.Length > 0; groups = [.. acceptance.Open(step).Where(group => group.IsLast)])
                Accept(state, step, groups, acceptance, choice);
        };
    }

    private void Accept(GenerationState state, int step, Group[] groups, IAcceptance acceptance, RandomStream choice)
    {
        int size = state.Setup.Vocabulary.Size, first = 0;
        double[] distributions = state.Predict(step, [.. groups.SelectMany(group => group.Open)], Times(state, groups));
        foreach (var group in groups)
        {
            acceptance.Observe(group, distributions.AsSpan(first * size, group.Open.Length * size));
            int start = first;
            double[] entropies = [.. group.Open.Index()
                .Select(entry => Confidence.Entropy(distributions.AsSpan((start + entry.Index) * size, size)))];
            int[] order = [.. Enumerable.Range(0, entropies.Length).OrderBy(m => entropies[m])];
            int count = acceptance.TakesAll(group) ? order.Length : Count([.. order.Select(m => entropies[m])]);
            foreach (int m in order[..count])
            {
                var distribution = distributions.AsSpan((first + m) * size, size);
                state.Decoding.Apply(distribution, group.IsLast);
                state.Reveal(group.Open[m], distribution, choice, step);
            }

            acceptance.Reject(group, step, [.. order[count..].Select(m => group.Open[m])]);
            first += group.Open.Length;
        }
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
            times[row] = Math.Max(times[row], NoiseTime.Where(state.Setup, group.Noise));
        }

        return times;
    }

    // Tokens of a sequence that are denoised together and still open, and the share of its positions there that are noise.
    private sealed record Group(int[] Open, double Noise, bool IsLast);

    // What is open in a step, and what becomes of it.
    private interface IAcceptance
    {
        Group[] Open(int step);

        // From predictions to the distributions that entropies are taken of, and tokens drawn from.
        void Observe(Group group, Span<double> distributions);

        // Whether all that is open is accepted, whatever its entropy.
        bool TakesAll(Group group);

        void Reject(Group group, int step, int[] rejected);
    }

    // Masks are revealed; visible tokens stay.
    private sealed class ForGood(GenerationState state) : IAcceptance
    {
        public Group[] Open(int step) =>
        [
            .. MaskedGroup.Of(state, step)
                .Select(group => new Group(group.Masked, (double)group.Masked.Length / group.Generated, group.IsLast)),
        ];

        public void Observe(Group group, Span<double> distributions)
        {
        }

        public bool TakesAll(Group group) => false;

        public void Reject(Group group, int step, int[] rejected)
        {
        }
    }

    // Every position is open until all of its group are accepted in one call; what is not becomes noise.
    private sealed class Anew : IAcceptance
    {
        private readonly GenerationState state;
        private readonly RandomStream masked, choice;
        private Dictionary<(int Row, int Onset), double> noise = []; // of each group: the share that was not accepted

        public Anew(GenerationState state)
        {
            this.state = state;
            (masked, choice) = (state.Draws.Split("noise"), state.Draws.Split("noise words"));
            state.Copied += sources => noise = new(
                noise.SelectMany(
                    entry => Enumerable.Range(0, sources.Length).Where(row => sources[row] == entry.Key.Row)
                        .Select(row => KeyValuePair.Create((row, entry.Key.Onset), entry.Value))));
        }

        public Group[] Open(int step)
        {
            var hyperschedule = state.Setup.Hyperschedule;
            return
            [
                .. state.Active(step)
                    .GroupBy(at => (Key: KeyOf(at), Settled: hyperschedule.SettledAfter(state.Position(at))))
                    .Select(group =>
                        new Group([.. group], noise.GetValueOrDefault(group.Key.Key, 1), IsLast: group.Key.Settled == step + 1))
                    .Where(group => group.Noise > 0),
            ];
        }

        // Predictions leave a position's own token out; these are given all of the sequence.
        public void Observe(Group group, Span<double> distributions)
        {
            int size = state.Setup.Vocabulary.Size;
            var now = state.Setup.At(NoiseTime.Where(state.Setup, group.Noise));
            foreach (var (m, at) in group.Open.Index())
            {
                var distribution = distributions.Slice(m * size, size - 1);
                if (!state.IsMasked(at))
                    Scores.PosteriorOf(distribution, now, (int)state.Tokens[at]).CopyTo(distribution);
            }
        }

        public bool TakesAll(Group group) => group.IsLast;

        public void Reject(Group group, int step, int[] rejected)
        {
            double left = noise[KeyOf(group.Open[0])] = (double)rejected.Length / group.Open.Length;
            if (left == 0)
                return;
            var mixing = state.Setup.At(NoiseTime.Where(state.Setup, left)).Mixing;
            var vocabulary = state.Setup.Vocabulary;
            foreach (int at in rejected)
                state.Tokens[at] = state.Uniform(masked, step, at) < mixing.MaskProbability
                    ? vocabulary.MaskId
                    : (int)(state.Uniform(choice, step, at) * vocabulary.TokenCount);
        }

        private (int Row, int Onset) KeyOf(int at) => (state.Row(at), state.Setup.Hyperschedule.OnsetOf(state.Position(at)));
    }
}
