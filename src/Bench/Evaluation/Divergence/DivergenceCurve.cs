using Bench.Numerics;

namespace Bench.Evaluation.Divergence;

/// <summary>
/// The divergence curve of two laws P and Q on the same bins (Pillutla et al. 2021, arXiv 2102.01454, equation 1): (e^{−c KL(Q‖R)}, e^{−c KL(P‖R)}) for all mixtures
/// R = λP + (1 − λ)Q, from (1, 0) to (0, 1).
/// </summary>
/// <remarks>Equal laws have area 1. Laws without a common bin have KL(Q‖R) = −ln(1 − λ) and KL(P‖R) = −ln λ, and so the area c B(c, c + 1) = c Γ(c) Γ(c + 1)/Γ(2c + 1).</remarks>
public static class DivergenceCurve
{
    // How far λ stays from 0 and 1, as in the published code.
    private const double Margin = 1e-6;

    /// <summary>The area under the curve through the points of evenly spaced mixtures.</summary>
    /// <param name="p">[k], sums to one.</param>
    /// <param name="q">[k], sums to one.</param>
    /// <param name="scale">c.</param>
    /// <param name="mixtures">How many λ.</param>
    public static double Area(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double scale, int mixtures)
    {
        Require.Length(p.Length, q.Length);
        Require.AtLeast(mixtures, 2);
        var (area, x, y) = (0.0, 1.0, 0.0);
        for (int i = 0; i < mixtures; i++)
        {
            double lambda = Margin + ((1 - (2 * Margin)) * i / (mixtures - 1));
            var (nextX, nextY) = (Math.Exp(-scale * ToMixture(q, p, 1 - lambda)), Math.Exp(-scale * ToMixture(p, q, lambda)));
            (area, x, y) = (area + ((x - nextX) * (y + nextY) / 2), nextX, nextY);
        }

        return area + (x * (y + 1) / 2);
    }

    // KL(law ‖ share·law + (1 − share)·other)
    private static double ToMixture(ReadOnlySpan<double> law, ReadOnlySpan<double> other, double share)
    {
        double divergence = 0;
        for (int i = 0; i < law.Length; i++)
            divergence += law[i] > 0 ? law[i] * Math.Log(law[i] / ((share * law[i]) + ((1 - share) * other[i]))) : 0;
        return divergence;
    }
}
