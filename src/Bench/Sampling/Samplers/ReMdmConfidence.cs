using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Ancestral steps that also mask tokens again, those first of which the network was least sure when they were drawn: σ_i = σ_max
/// e^{−c_i}/Σ_j e^{−c_j} over the tokens of a sequence, c_i the probability that token i had (ReMDM, arXiv 2503.00307, conf).
/// </summary>
/// <remarks>
/// The published step reveals masks as if nothing were masked again, and falls behind its schedule: one mask a step. Here they are revealed
/// at the rate that makes up for it, the mean rate of a token, where each of L tokens is visible with probability α_t.
/// </remarks>
public sealed record ReMdmConfidence : ISampler
{
    /// <inheritdoc/>
    public string Name => "ReMDM conf";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var (move, choice) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        double[] confidence = state.Kept(new double[state.Tokens.Length]);
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            var (masked, drawn) = Moving(state, step, confidence, move);
            double[] distributions = drawn.Count == 0 ? [] : state.Ask(step, drawn);
            foreach (var (m, at) in drawn.Index())
            {
                var distribution = distributions.AsSpan(m * size, size);
                int token = Categorical.Draw(distribution, state.Uniform(choice, step, at));
                (state.Tokens[at], confidence[at]) = (token, distribution[token]); // it sums to 1
            }

            foreach (int at in masked)
                state.Tokens[at] = state.Setup.Vocabulary.MaskId;
        };
    }

    private static (List<int> Masked, List<int> Drawn) Moving(GenerationState state, int step, double[] confidence, RandomStream move)
    {
        var (masked, drawn) = (new List<int>(), new List<int>());
        foreach (var row in state.Active(step).GroupBy(state.Row))
        {
            double total = row.Where(at => !state.IsMasked(at)).Sum(at => Math.Exp(-confidence[at]));
            int count = row.Count();
            foreach (int at in row)
            {
                var moment = TokenState.Of(state, step, at);
                double most = Remasking.Most(moment.S, moment.T);
                double rate = moment.IsMasked ? Remasking.MeanRate(most, moment.T, count) : most * Math.Exp(-confidence[at]) / total;
                var probabilities = MoveProbabilities.WithRemasking(moment.IsMasked, rate, moment.S, moment.T);
                double u = state.Uniform(move, step, at);
                if (u < probabilities.Masked)
                    masked.Add(at);
                else if (u >= 1 - probabilities.Drawn)
                    drawn.Add(at);
            }
        }

        return (masked, drawn);
    }
}
