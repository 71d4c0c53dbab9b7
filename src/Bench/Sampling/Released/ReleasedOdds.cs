using Bench.Sampling.Samplers;

namespace Bench.Sampling.Released;

/// <summary>A step of absorbing noise that also masks words again (ReMDM, arXiv 2503.00307).</summary>
/// <param name="Remasked">σ: the probability that a word is masked again.</param>
/// <param name="Revealed">The probability that a mask becomes a word.</param>
public readonly record struct ReleasedOdds(double Remasked, double Revealed)
{
    /// <summary>Those that keep the share of masks to its schedule: a mask is revealed with (α_s − (1 − σ) α_t)/(1 − α_t). With more than <see cref="Remasking.Most"/> it is no probability.</summary>
    public static ReleasedOdds Of(double sigma, double alphaS, double alphaT) => new(sigma, (alphaS - ((1 - sigma) * alphaT)) / (1 - alphaT));

    /// <summary>The law of a token's next state.</summary>
    /// <param name="prediction">π over N words, and anything for the mask.</param>
    /// <param name="xt">The current token.</param>
    /// <returns>N + 1 weights, which sum to one.</returns>
    public double[] Weigh(ReadOnlySpan<double> prediction, long xt)
    {
        var law = new double[prediction.Length];
        bool masked = xt == law.Length - 1;
        for (int y = 0; y < law.Length - 1; y++)
            law[y] = masked ? Revealed * prediction[y] : y == xt ? 1 - Remasked : 0;
        law[^1] = masked ? 1 - Revealed : Remasked;
        return law;
    }
}
