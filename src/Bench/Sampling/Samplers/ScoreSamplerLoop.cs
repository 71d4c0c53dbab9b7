using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Generation whose every step depends on the network, even in whether a masked token is revealed: what samplers of that kind do alike.
/// </summary>
internal static class ScoreSamplerLoop
{
    /// <summary>Turns the N + 1 outputs at a position into weights of its next token; negative ones count nothing.</summary>
    internal delegate void StepDistribution(Span<double> distribution, long xt, double now, double next);

    /// <summary>The steps of such a generation. The draws are in float64; whether a token is revealed is drawn before its value.</summary>
    public static Action<int> Along(GenerationState state, StepDistribution weigh)
    {
        var (reveal, choice) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            List<int> asked = [.. state.Active(step).Where(at => MayMove(state, step, at))];
            if (asked.Count == 0)
                return;
            double[] outputs = state.AskOutputs(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var distribution = outputs.AsSpan(m * size, size);
                var (now, next) = state.Times(step, at);
                weigh(distribution, state.Tokens[at], now, next);
                state.Tokens[at] = Draw(distribution, state.Tokens[at], next == 0, state.Uniform(reveal, step, at),
                    state.Uniform(choice, step, at), state.Decoding);
            }
        };
    }

    /// <summary>Draws from weights over N tokens and the mask.</summary>
    /// <param name="distribution">N + 1 weights; negative ones count nothing.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="settles">Whether no mask may be left.</param>
    /// <param name="reveal">Uniform in (0, 1), decides whether a masked token is unmasked.</param>
    /// <param name="choice">Uniform in (0, 1), decides which.</param>
    /// <param name="decoding">Applied to the distribution of the new token; whether a token changes depends on the chain alone.</param>
    internal static int Draw(Span<double> distribution, long xt, bool settles, double reveal, double choice, DecodingOptions decoding)
    {
        double visible = 0;
        for (int y = 0; y < distribution.Length; y++)
        {
            distribution[y] = Math.Max(0, distribution[y]);
            visible += y < distribution.Length - 1 ? distribution[y] : 0;
        }

        if (settles)
            distribution[^1] = 0;
        if (xt != distribution.Length - 1)
        {
            double stays = distribution[(int)xt];
            distribution[(int)xt] = settles ? stays : 0; // the last step draws a token, whichever it is
            decoding.Apply(distribution, settles);
            distribution[(int)xt] = settles ? distribution[(int)xt] : stays;
            return Categorical.Draw(distribution, choice);
        }

        decoding.Apply(distribution[..^1], settles);
        return reveal * (visible + distribution[^1]) < visible ? Categorical.Draw(distribution[..^1], choice) : distribution.Length - 1;
    }

    private static bool MayMove(GenerationState state, int step, int at)
    {
        var (s, t) = state.Step(step, at);
        return state.IsMasked(at) || ReverseDistribution.MayChange(s, t, state.Setup.Process.Chain);
    }
}
