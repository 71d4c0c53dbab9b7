using Bench.Data;
using Bench.Numerics;

namespace Bench.Noise;

/// <summary>Draws x_t ~ q(x_t | x_0), and noise from the prior, token by token.</summary>
public static class Corruption
{
    /// <summary>Draws one token of pure noise.</summary>
    /// <param name="prior">Its distribution, in which nothing is left of a clean token.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="u">A number in (0, 1), which decides whether the token is a mask.</param>
    /// <param name="choice">Draws which token it is otherwise, addressed by the two numbers behind it.</param>
    /// <param name="example">The first of them.</param>
    /// <param name="draw">The second.</param>
    public static int FromPrior(Marginal prior, Vocabulary vocabulary, double u, RandomStream choice, long example, long draw) =>
        u < prior.Mask ? vocabulary.MaskId : choice.Below(vocabulary.TokenCount, example, draw);

    /// <summary>
    /// Corrupts one example. What happens to position i of an example depends on (stream, example, i) alone, never on the batch around it.
    /// </summary>
    /// <param name="x0">The clean tokens of the example.</param>
    /// <param name="marginals">The noise of each position.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="stream">The draws.</param>
    /// <param name="example">The example's number in its corpus pass.</param>
    /// <param name="xt">Receives the noisy tokens, as many as <paramref name="x0"/>.</param>
    public static void Draw(ReadOnlySpan<long> x0, ReadOnlySpan<Marginal> marginals, Vocabulary vocabulary, RandomStream stream,
        long example, Span<long> xt)
    {
        for (int i = 0; i < x0.Length; i++)
        {
            // One draw picks the branch, the one beside it the token: positions never share a draw.
            double u = stream.Uniform(example, 2L * i);
            var marginal = marginals[i];
            if (u < marginal.Keep)
                xt[i] = x0[i];
            else if (u < marginal.Keep + marginal.Uniform)
                xt[i] = stream.Below(vocabulary.TokenCount, example, (2L * i) + 1);
            else
                xt[i] = vocabulary.MaskId;
        }
    }
}
