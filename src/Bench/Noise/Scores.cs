using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// Three ways to say what is known of one position, and how each follows from the others exactly (HDLM, arXiv 2504.06416; GIDD, arXiv
/// 2503.04482).
/// </summary>
/// <remarks>
/// The prediction π is the distribution of the clean token given the other positions, own observation left out; the posterior is that
/// distribution given all of them, proportional to π_j q(x_t | j);
/// scores are the ratios q_t(y)/q_t(x_t) of the position's noisy distribution. All for a chain whose mask is state number N.
/// </remarks>
public static class Scores
{
    /// <summary>q_t(y | π)/q_t(x_t | π) for the N tokens and the mask.</summary>
    public static double[] OfPrediction(ReadOnlySpan<double> prediction, Marginal t, int xt)
    {
        var scores = new double[prediction.Length + 1];
        for (int y = 0; y < prediction.Length; y++)
            scores[y] = t.TokenProbability(prediction[y], prediction.Length);
        scores[^1] = t.Mask;
        double here = scores[xt];
        for (int y = 0; y < scores.Length; y++)
            scores[y] /= here;
        return scores;
    }

    /// <summary>
    /// Σ_j p(j | x_t) q(y | j)/q(x_t | j): the same ratios from the posterior. A visible token has to be possible under every token: else
    /// the posterior has forgotten some.
    /// </summary>
    public static double[] OfPosterior(ReadOnlySpan<double> posterior, Marginal t, int xt)
    {
        int tokenCount = posterior.Length;
        var scores = new double[tokenCount + 1];
        double same = t.Keep + (t.Uniform / tokenCount), differs = t.Uniform / tokenCount;
        if (xt < tokenCount)
            Require.Positive(differs);
        // Three ratios are all there are: Σ_j takes the tokens apart into y, x_t and the rest.
        for (int y = 0; y <= tokenCount; y++)
        {
            if (xt == tokenCount)
                scores[y] = y == tokenCount ? 1 : ((t.Keep * posterior[y]) + differs) / t.Mask;
            else if (y == tokenCount)
                scores[y] = (posterior[xt] * t.Mask / same) + ((1 - posterior[xt]) * t.Mask / differs);
            else
                scores[y] = y == xt ? 1
                    : (posterior[y] * same / differs) + (posterior[xt] * differs / same) + (1 - posterior[y] - posterior[xt]);
        }

        return scores;
    }

    /// <summary>p(j | x_t) ∝ π_j q(x_t | j).</summary>
    public static double[] PosteriorOf(ReadOnlySpan<double> prediction, Marginal t, int xt) =>
        Normalised(prediction, (j, tokenCount) => t.Probability(xt, j, tokenCount));

    /// <summary>π_j ∝ p(j | x_t)/q(x_t | j). It needs a visible token to be possible under every token.</summary>
    public static double[] PredictionOf(ReadOnlySpan<double> posterior, Marginal t, int xt) =>
        Normalised(posterior, (j, tokenCount) => 1 / Require.Positive(t.Probability(xt, j, tokenCount)));

    /// <summary>
    /// The prediction that has these scores, if there is one: π_y = ((1 − Mask) s_y/Σ_w s_w − Uniform/N)/Keep, where the sum runs over
    /// tokens.
    /// </summary>
    /// <param name="scores">N or N + 1 ratios; the token x_t counts 1.</param>
    /// <param name="t">A marginal that keeps something: else all predictions have the same scores.</param>
    /// <param name="tokenCount">N.</param>
    /// <returns>N probabilities; null where the scores are those of no prediction, some token being rarer than uniform draws make
    /// it.</returns>
    public static double[]? Prediction(ReadOnlySpan<double> scores, Marginal t, int tokenCount)
    {
        double sum = 0, keep = Require.Positive(t.Keep);
        foreach (double score in scores[..tokenCount])
            sum += score;
        var prediction = new double[tokenCount];
        for (int y = 0; y < tokenCount; y++)
        {
            prediction[y] = (((t.Keep + t.Uniform) * scores[y] / sum) - (t.Uniform / tokenCount)) / keep;
            if (prediction[y] < -Marginal.Rounding / keep)
                return null;
            prediction[y] = Math.Max(0, prediction[y]);
        }

        return prediction;
    }

    private static double[] Normalised(ReadOnlySpan<double> distribution, Func<int, int, double> factor)
    {
        var result = distribution.ToArray();
        for (int j = 0; j < result.Length; j++)
            result[j] *= result[j] == 0 ? 0 : factor(j, result.Length);
        double total = result.Sum();
        return Array.ConvertAll(result, p => p / total);
    }
}

/// <summary>
/// Scores one step earlier, e^{−ΔQ} s (SEDD, arXiv 2310.16834, analytic sampler), of a chain whose mask absorbs: a linear function of the
/// scores s_y = q_t(y)/q_t(x_t),
/// <code>g_y = Own·s_y + Tokens·Σ_w s_w for a token y,   g_[MASK] = s_[MASK] + Mask·Σ_w s_w,</code>
/// where w runs over the tokens, x_t with its score 1 included. g_y is q_s(y)/q_t(x_t), so that g_y·q(x_t | x_s = y) is the reverse step.
/// </summary>
/// <param name="Own">On the token's own score.</param>
/// <param name="Tokens">On the sum over the tokens, in a token.</param>
/// <param name="Mask">On the sum over the tokens, in the mask.</param>
public readonly record struct Staggered(double Own, double Tokens, double Mask)
{
    /// <summary>The inverse of a step q(x_t | x_s).</summary>
    /// <param name="step">
    /// What becomes of a token. Keep has to be positive: pure noise carries no information about the clean token.
    /// </param>
    /// <param name="tokenCount">N.</param>
    public static Staggered Of(Marginal step, int tokenCount)
    {
        double keep = Require.Positive(step.Keep);
        double unmasked = 1 - step.Mask; // Σ_w q_t(w) is this share of Σ_w q_s(w)
        return new(1 / keep, -step.Uniform / tokenCount / unmasked / keep, -step.Mask / unmasked);
    }
}
