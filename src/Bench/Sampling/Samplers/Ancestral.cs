using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>The posterior step q(x_s | x_t, x_0 = π) of any noise process, from each position's own level to its own next one.</summary>
/// <remarks>
/// Along a flat hyperschedule with absorbing noise this is MDLM's sampler (arXiv 2406.07524, equation 5); along the autoregressive one it
/// is GPT's, token by token.
/// </remarks>
public sealed record Ancestral : ITokenwise
{
    /// <inheritdoc/>
    public string Name => "ancestral";

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment)
    {
        var (setup, _, _, s, t) = moment;
        if (!moment.IsMasked)
            return new(0, ReverseDistribution.MayChange(s, t, setup.Process.Chain) ? 1 : 0);
        return new(0, 1 - ReverseDistribution.MaskStays(s, t, setup.Process.Chain));
    }

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding)
    {
        decoding.Apply(distribution, moment.Settles);
        ReverseDistribution.Weigh(distribution, moment.Token, moment.S, moment.T, moment.Setup.Process.Chain);
    }
}
