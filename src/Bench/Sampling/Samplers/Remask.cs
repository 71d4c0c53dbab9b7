namespace Bench.Sampling.Samplers;

/// <summary>
/// Fills all masks from one call and masks again those just filled, each with probability u_s/u_t, u being the masked share: the
/// distribution of <see cref="Ancestral"/>, and its very sequences, for the price of all logits.
/// </summary>
/// <remarks>The form that was released with HDLM masks the tokens of earlier steps again, too, and falls far behind its schedule.</remarks>
public sealed record Remask : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc/>
    public string Name => "remask";

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var (remask, choice) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            int[] asked = [.. state.Active(step).Where(at => Predictor.ProbabilitiesOf(TokenState.Of(state, step, at)).Drawn > 0)];
            if (asked.Length == 0)
                return;
            double[] distributions = state.Predict(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var distribution = distributions.AsSpan(m * size, size);
                var moment = TokenState.Of(state, step, at);
                Predictor.Weigh(distribution, moment, state.Decoding);
                state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(choice, step, at));
                if (moment.IsMasked && state.Uniform(remask, step, at) < 1 - Predictor.ProbabilitiesOf(moment).Drawn)
                    state.Tokens[at] = state.Setup.Vocabulary.MaskId;
            }
        };
    }
}
