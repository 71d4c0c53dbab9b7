namespace Bench.Noise.Released;

/// <summary>The earlier scores of γ-hybrid noise as HDLM's public sampler computes them.</summary>
/// <remarks>An average of two exponentials where the exponential of the average is meant: right to first order in Δ only. <see cref="Staggered.Of"/> is exact.</remarks>
public static class ReleasedStaggered
{
    /// <summary>(1 − γ) times the absorbing form plus γ times the uniform one, both over the whole of Δ.</summary>
    /// <param name="gamma">γ, the uniform share of the rates.</param>
    /// <param name="delta">Δ = σ_t − σ_s.</param>
    /// <param name="words">N.</param>
    public static Staggered Of(double gamma, double delta, int words)
    {
        var (masking, drawing) = (Staggered.Of(new Absorbing().At(delta), words), Staggered.Of(new Uniform().At(delta), words));
        double Mix(double absorbing, double uniform) => ((1 - gamma) * absorbing) + (gamma * uniform);
        return new(Mix(masking.Own, drawing.Own), Mix(masking.Words, drawing.Words), Mix(masking.Mask, drawing.Mask));
    }
}
