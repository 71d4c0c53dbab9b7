namespace Bench.Sampling;

/// <summary>Generation whose every step depends on the network, even in whether a masked token is revealed: what samplers of that kind do alike.</summary>
internal static class Walk
{
    /// <summary>Turns the N + 1 outputs at a position into weights of its next token; negative ones count nothing.</summary>
    internal delegate void StepLaw(Span<double> law, long xt, double now, double next);

    /// <summary>The steps of such a generation. The draws are in float64; whether a token is revealed is drawn before its word.</summary>
    public static Action<int> Along(Canvas canvas, StepLaw weigh)
    {
        var (reveal, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        int size = canvas.Problem.Words.Size;
        return step =>
        {
            List<int> asked = [.. canvas.Active(step).Where(at => MayMove(canvas, step, at))];
            if (asked.Count == 0)
                return;
            double[] outputs = canvas.AskOutputs(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var law = outputs.AsSpan(m * size, size);
                var (now, next) = canvas.Times(step, at);
                weigh(law, canvas.Tokens[at], now, next);
                canvas.Tokens[at] = Draw(law, canvas.Tokens[at], next == 0, canvas.Uniform(reveal, step, at), canvas.Uniform(word, step, at), canvas.Choice);
            }
        };
    }

    /// <summary>Draws from weights over N words and the mask.</summary>
    /// <param name="law">N + 1 weights; negative ones count nothing.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="settles">Whether no mask may be left.</param>
    /// <param name="reveal">Uniform in (0, 1), decides whether a masked token becomes a word.</param>
    /// <param name="word">Uniform in (0, 1), decides which.</param>
    /// <param name="choice">Applied to the law of the word that a token becomes; whether it becomes another one is not a choice, but the chain's.</param>
    internal static int Draw(Span<double> law, long xt, bool settles, double reveal, double word, Choice choice)
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
            choice.Apply(law, settles);
            law[(int)xt] = settles ? law[(int)xt] : stays;
            return Categorical.Draw(law, word);
        }

        choice.Apply(law[..^1], settles);
        return reveal * (words + law[^1]) < words ? Categorical.Draw(law[..^1], word) : law.Length - 1;
    }

    private static bool MayMove(Canvas canvas, int step, int at)
    {
        var (s, t) = canvas.Step(step, at);
        return canvas.IsMasked(at) || ReverseLaw.MayChange(s, t, canvas.Problem.Process.Chain);
    }
}
