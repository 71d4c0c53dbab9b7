using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Guidance;

/// <summary>
/// A sampler that is guided: K candidates of each sequence take its steps, and after a step a rule says which of them each continues from.
/// </summary>
/// <remarks>
/// The first candidate draws what the sampler draws without guidance, so that a rule that always takes the first one changes nothing.
/// Starts are candidates, too, where noise is not the same for all of them. A candidate whose tokens did not change keeps its value, and
/// the prediction behind a value is what the next step draws from. Where keys and values are kept, they follow their candidate.
/// </remarks>
/// <param name="Inner">Takes the steps.</param>
/// <param name="Reward">r.</param>
/// <param name="Rule">Which candidates are continued.</param>
/// <param name="Value">What candidates are compared by before they are finished.</param>
public sealed record Guided(ISampler Inner, IReward Reward, IRule Rule, IValue Value) : ISampler
{
    /// <inheritdoc/>
    public string Name => $"{Inner.Name}, {Rule.Name}{(Rule.Every > 0 ? $", {Value.Name}" : "")}, {Reward.Name}";

    /// <inheritdoc/>
    public NetworkOutput Reads => Inner.Reads;

    /// <inheritdoc/>
    public ProcessFamily Family => Inner.Family;

    /// <inheritdoc/>
    public int CallsOfCorrection => Inner.CallsOfCorrection;

    /// <inheritdoc/>
    public int Candidates => Rule.Candidates;

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) =>
        Inner.Refuses(setup)
            ?? (Rule.Every == 0 ? null
                : Value.Predicts && Reads == NetworkOutput.Scores
                    ? $"the value {Value.Name} takes distributions of the clean token, but the network outputs {Reads}"
                : Value.Refuses(Reward));

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var take = Inner.Begin(state);
        if (Candidates == 1 && Rule is not Steering)
            return take; // there is nothing to choose
        var choice = new Choice(this, state);
        choice.Start();
        return step =>
        {
            take(step);
            int next = step + 1;
            if (next == state.Setup.Hyperschedule.Steps || (Rule.Every > 0 && next % Rule.Every == 0))
                choice.Make(next);
        };
    }

    // The candidates of all sequences of a generation.
    private sealed class Choice
    {
        private readonly Guided guided;
        private readonly GenerationState state;
        private readonly CountedReward reward;
        private readonly IGroup[] groups;
        private readonly RandomStream selection, ahead;
        private readonly Valued?[] known; // by row
        private readonly int steps;

        public Choice(Guided guided, GenerationState state)
        {
            (this.guided, this.state, reward) = (guided, state, new CountedReward(guided.Reward));
            (selection, ahead) = (state.Draws.Split("selection"), state.Draws.Split("look-ahead"));
            groups = [.. Enumerable.Range(0, state.Count / state.Candidates).Select(_ => guided.Rule.Begin())];
            known = new Valued?[state.Count];
            steps = state.Setup.Hyperschedule.Steps;
        }

        public void Start()
        {
            if (guided.Rule.Every > 0 && Enumerable.Range(0, state.Count).Any(row => !Row(row).SequenceEqual(Row(FirstOf(row)))))
                Make(0);
        }

        public void Make(int next)
        {
            int candidates = state.Candidates;
            double[] values = Values(next);
            var from = new int[state.Count];
            foreach (var (n, group) in groups.Index())
            {
                int first = n * candidates, sequence = state.Sequence(first);
                int[] chosen = group.Continue(
                    values.AsSpan(first, candidates), next == steps, k => selection.Uniform(sequence, ((long)next * candidates) + k));
                for (int k = 0; k < candidates; k++)
                    from[first + k] = first + chosen[k];
            }

            state.Copy(from);
            Valued?[] before = [.. known];
            for (int row = 0; row < from.Length; row++)
                known[row] = before[from[row]];
            state.RewardCalls = reward.Calls;
            if (next == steps && groups.All(group => group.LogNormaliser is not null))
                state.LogNormalisers = [.. groups.Select(group => group.LogNormaliser!.Value)];
        }

        private double[] Values(int next)
        {
            var fresh = new List<int>(); // rows that no other has the value of
            for (int row = 0; row < known.Length; row++)
            {
                if (Array.Find(known[FirstOf(row)..(FirstOf(row) + state.Candidates)], other => IsOf(other, row, next)) is { } found)
                {
                    known[row] = found;
                    continue;
                }

                known[row] = new(next, Row(row).ToArray());
                fresh.Add(row);
            }

            if (next == steps)
            {
                foreach (int row in fresh)
                    known[row]!.Value = reward.Of(Ints(row, state.LengthOf(row)));
            }
            else
            {
                Look(next, fresh);
            }

            return Array.ConvertAll(known, valued => valued!.Value);
        }

        private bool IsOf(Valued? valued, int row, int next) =>
            valued is not null
            && (valued.Step == next
                || (next < steps && !guided.Value.DependsOnStep && state.Setup.OnlyMasks && state.Setup.IsSameCall(next, valued.Step)))
            && valued.Tokens.AsSpan().SequenceEqual(Row(row));

        private void Look(int next, List<int> rows)
        {
            var hyperschedule = state.Setup.Hyperschedule;
            int beginning = Enumerable.Range(0, state.Length).TakeWhile(i => hyperschedule.RegionAt(next, i) != Region.Worthless).Count();
            ILookup<int, int> open = state.Active(next)
                .Where(at => state.Position(at) < beginning && (!state.Setup.OnlyMasks || state.IsMasked(at)))
                .ToLookup(state.Row);
            int[] asked = guided.Value.Predicts ? [.. rows.SelectMany(row => open[row])] : [];
            double[] predicted = asked.Length == 0 ? [] : state.Predict(next, asked);
            int m = 0;
            foreach (int row in rows)
            {
                int length = Math.Min(beginning, state.LengthOf(row));
                var clean = new double[]?[length];
                foreach (int at in guided.Value.Predicts ? open[row] : [])
                {
                    var distribution = predicted.AsSpan(m++ * state.Setup.Vocabulary.Size, state.Setup.Vocabulary.TokenCount);
                    if (state.Position(at) < length)
                        clean[state.Position(at)] = Posterior(next, at, distribution);
                }

                int first = row * state.Length;
                known[row]!.Value = guided.Value.Of(
                    new Candidate(next, Ints(row, length), clean, reward.Of, reward.Expected,
                        (draw, i) => state.Uniform(ahead.Split((ulong)draw), next, first + i)),
                    guided.Rule.Alpha);
            }
        }

        // Predictions leave a position's own token out; these are given all of the sequence.
        private double[] Posterior(int next, int at, ReadOnlySpan<double> prediction) => state.IsMasked(at)
            ? prediction.ToArray()
            : Scores.PosteriorOf(prediction, state.Step(next, at).T, (int)state.Tokens[at]);

        private int FirstOf(int row) => row - (row % state.Candidates);

        private ReadOnlySpan<long> Row(int row) => state.Tokens.AsSpan(row * state.Length, state.Length);

        private int[] Ints(int row, int length) => Array.ConvertAll(Row(row)[..length].ToArray(), token => (int)token);

        // The value of some tokens before a step.
        private sealed record Valued(int Step, long[] Tokens)
        {
            public double Value { get; set; }
        }
    }
}
