using Bench.Backbone;

namespace Bench.Sampling.Samplers;

/// <summary>
/// <see cref="Ancestral"/> for absorbing noise that asks for all masked tokens at once and keeps their distributions until a token of the
/// sequence changes (MDLM, arXiv 2406.07524): the same sequences from fewer calls, where sequences are generated together. A
/// noise-conditioned network has to be called in every step.
/// </summary>
public sealed record MdlmCached : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc/>
    public string Name => "MDLM cached";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var (reveal, choice) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        var known = new Dictionary<int, ArraySegment<double>>();
        int knownSince = 0;
        state.Copied += from =>
        {
            foreach (int at in known.Keys.Where(at => from[state.Row(at)] != state.Row(at)).ToArray())
                known.Remove(at);
        };
        return step =>
        {
            int[] revealed = [.. state.Active(step)
                .Where(
                    at => state.IsMasked(at)
                        && state.Uniform(reveal, step, at) >= 1 - Predictor.ProbabilitiesOf(TokenState.Of(state, step, at)).Drawn)];
            if (revealed.Length == 0)
                return;
            if (step != knownSince && !state.Setup.IsSameCall(step, knownSince))
                known.Clear();
            if (!revealed.All(known.ContainsKey))
            {
                knownSince = step;
                Ask(state, step, known);
            }

            foreach (int at in revealed)
            {
                double[] distribution = [.. known[at]];
                Predictor.Weigh(distribution, TokenState.Of(state, step, at), state.Decoding);
                state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(choice, step, at));
            }

            var changed = revealed.Select(state.Row).ToHashSet();
            foreach (int at in known.Keys.Where(at => changed.Contains(state.Row(at))).ToArray())
                known.Remove(at);
        };
    }

    private static void Ask(GenerationState state, int step, Dictionary<int, ArraySegment<double>> known)
    {
        int[] asked = [.. state.Active(step).Where(at => state.IsMasked(at) && !known.ContainsKey(at))];
        int size = state.Setup.Vocabulary.Size;
        double[] distributions = state.Predict(step, asked);
        foreach (var (m, at) in asked.Index())
            known[at] = new(distributions, m * size, size);
    }
}
