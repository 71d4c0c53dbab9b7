using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>Generation whose every step depends on the network, even in whether a masked token is revealed: what samplers of that kind do alike.</summary>
internal static class ScoreSamplerLoop
{
    /// <summary>Turns the N + 1 outputs at a position into weights of its next token; negative ones count nothing.</summary>
    internal delegate void StepLaw(Span<double> law, long xt, double now, double next);

    /// <summary>The steps of such a generation. The draws are in float64; whether a token is revealed is drawn before its word.</summary>
    public static Action<int> Along(GenerationState state, StepLaw weigh)
    {
        var (reveal, word) = (state.Draws.Split("reveal"), state.Draws.Split("word"));
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            List<int> asked = [.. state.Active(step).Where(at => MayMove(state, step, at))];
            if (asked.Count == 0)
                return;
            double[] outputs = state.AskOutputs(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var law = outputs.AsSpan(m * size, size);
                var (now, next) = state.Times(step, at);
                weigh(law, state.Tokens[at], now, next);
                state.Tokens[at] = Draw(law, state.Tokens[at], next == 0, state.Uniform(reveal, step, at), state.Uniform(word, step, at), state.Decoding);
            }
        };
    }

    /// <summary>Draws from weights over N words and the mask.</summary>
    /// <param name="law">N + 1 weights; negative ones count nothing.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="settles">Whether no mask may be left.</param>
    /// <param name="reveal">Uniform in (0, 1), decides whether a masked token becomes a word.</param>
    /// <param name="word">Uniform in (0, 1), decides which.</param>
    /// <param name="decoding">Applied to the law of the word that a token becomes; whether it becomes another one is not a choice, but the chain's.</param>
    internal static int Draw(Span<double> law, long xt, bool settles, double reveal, double word, DecodingOptions decoding)
    {
        double words = 0;
        for (int y = 0; y < law.Length; y++)
        {
            law[y] = Math.Max(0, law[y]);
            words += y < law.Length - 1 ? law[y] : 0;
        }

        if (settles)
            law[^1] = 0;
        if (xt != law.Length - 1)
        {
            double stays = law[(int)xt];
            law[(int)xt] = settles ? stays : 0; // the last step draws a word, whichever it is
            decoding.Apply(law, settles);
            law[(int)xt] = settles ? law[(int)xt] : stays;
            return Categorical.Draw(law, word);
        }

        decoding.Apply(law[..^1], settles);
        return reveal * (words + law[^1]) < words ? Categorical.Draw(law[..^1], word) : law.Length - 1;
    }

    private static bool MayMove(GenerationState state, int step, int at)
    {
        var (s, t) = state.Step(step, at);
        return state.IsMasked(at) || ReverseDistribution.MayChange(s, t, state.Setup.Process.Chain);
    }
}
