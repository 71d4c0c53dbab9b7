using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>The posterior step q(x_s | x_t, x_0 = π) of any noise process, from each position's own level to its own next one.</summary>
/// <remarks>
/// Along a flat hyperschedule with absorbing noise this is MDLM's sampler (arXiv 2406.07524, equation 5); along the autoregressive one it is GPT's, token by token.
/// Whether a masked position is revealed is drawn before its word: a position that stays as it is needs no logits, and a step in which all do needs
/// no call. The draws are in float64, where rare words are not cut off (arXiv 2409.02908).
/// </remarks>
public sealed record Ancestral : ISampler
{
    /// <inheritdoc/>
    public string Name => "ancestral";

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var (reveal, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        var problem = canvas.Problem;
        return step =>
        {
            List<int> asked = [.. canvas.Active(step).Where(at => Moves(canvas, step, at, reveal))];
            if (asked.Count == 0)
                return;
            double[] laws = canvas.Ask(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var (s, t) = canvas.Step(step, at);
                var law = laws.AsSpan(m * problem.Words.Size, problem.Words.Size);
                ReverseLaw.Weigh(law, canvas.Tokens[at], s, t, problem.Process.Chain);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
            }
        };
    }

    // Whether a position needs the network: a masked one that is to be revealed, or a word that may be exchanged.
    private static bool Moves(Canvas canvas, int step, int at, RandomStream reveal)
    {
        var (s, t) = canvas.Step(step, at);
        var chain = canvas.Problem.Process.Chain;
        if (!canvas.IsMasked(at))
            return ReverseLaw.MayChange(s, t, chain);
        double stays = Posterior.Of(s, t, chain, masked: true, unchanged: false, canvas.Problem.Words.Words).Mask;
        return canvas.Uniform(reveal, step, at) >= stays;
    }
}
