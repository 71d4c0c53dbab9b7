using Bench.Backbone;

namespace Bench.Sampling.Samplers;

/// <summary>A sampler whose step moves every active token by a distribution of its own, given the sequence before the step.</summary>
/// <remarks>
/// Whether a token moves is drawn before its new value: one that stays as it is needs no logits, and a step in which all do needs no call.
/// The draws are in float64, where rare tokens are not cut off (arXiv 2409.02908).
/// </remarks>
public interface ITokenwise : ISampler
{
    /// <inheritdoc/>
    Action<int> ISampler.Begin(GenerationState state)
    {
        var (move, choice) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            var (masked, drawn) = (new List<int>(), new List<int>());
            (TokenState Moment, MoveProbabilities Probabilities) known = default; // most tokens of a step are masks, as noisy as each other
            foreach (int at in state.Active(step))
            {
                var moment = TokenState.Of(state, step, at);
                if (moment != known.Moment)
                    known = (moment, ProbabilitiesOf(moment));
                var probabilities = known.Probabilities;
                if (probabilities is (0, 0))
                    continue;
                double u = state.Uniform(move, step, at);
                if (u < probabilities.Masked)
                    masked.Add(at);
                else if (u >= 1 - probabilities.Drawn)
                    drawn.Add(at);
            }

            double[] distributions = drawn.Count == 0 ? [] : state.Predict(step, drawn, ConditioningTime(state.Setup, step));
            foreach (var (m, at) in drawn.Index())
            {
                var distribution = distributions.AsSpan(m * size, size);
                Weigh(distribution, TokenState.Of(state, step, at), state.Decoding);
                state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(choice, step, at));
            }

            // After the call: the network sees the sequence as it was before the step.
            foreach (int at in masked)
                state.Tokens[at] = state.Setup.Vocabulary.MaskId;
        };
    }

    /// <summary>What becomes of a token, whatever the network says.</summary>
    MoveProbabilities ProbabilitiesOf(TokenState moment);

    /// <summary>Turns a prediction into the distribution of the next token, given that it is drawn.</summary>
    /// <param name="distribution">In: π over the N tokens as it is predicted, and 0 for the mask. Out: weights over N + 1 states.</param>
    /// <param name="moment">The token.</param>
    /// <param name="decoding">How tokens are chosen from distributions.</param>
    void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding);

    /// <summary>The noise time that the network is given in a step; null for that of the hyperschedule.</summary>
    double? ConditioningTime(DiffusionSetup setup, int step) => null;
}
