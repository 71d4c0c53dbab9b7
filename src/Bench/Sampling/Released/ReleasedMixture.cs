namespace Bench.Sampling.Released;

/// <summary>The law of a mask in HDLM's "remdm" (arXiv 2504.06416): (1 − σ) softmax(ℓ) over words, σ on the mask. Neither the masks' schedule nor visible tokens enter, as they should.</summary>
public static class ReleasedMixture
{
    private const double Small = 1e-8;

    /// <summary>σ = min(η, (1 − α_s)/α_t), or η where α_t = 0.</summary>
    public static double Share(double eta, double alphaS, double alphaT) => alphaT > 0 ? Math.Min(eta, (1 - alphaS) / alphaT) : eta;

    /// <summary>ln(law + 10⁻⁸) from logits; the mask's own part of the softmax is lost.</summary>
    /// <param name="logits">N + 1, the mask last.</param>
    /// <param name="sigma">σ.</param>
    public static double[] Of(double[] logits, double sigma)
    {
        double top = logits.Max(), total = logits.Sum(logit => Math.Exp(logit - top));
        double[] law = Array.ConvertAll(logits, logit => Math.Log(((1 - sigma) * Math.Exp(logit - top) / total) + Small));
        law[^1] = Math.Log(sigma + Small);
        return law;
    }
}
