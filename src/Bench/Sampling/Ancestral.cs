using Bench.Noise;

namespace Bench.Sampling;

/// <summary>The posterior step q(x_s | x_t, x_0 = π) of any noise process, from each position's own level to its own next one.</summary>
/// <remarks>Along a flat hyperschedule with absorbing noise this is MDLM's sampler (arXiv 2406.07524, equation 5); along the autoregressive one it is GPT's, token by token.</remarks>
public sealed record Ancestral : ITokenwise
{
    /// <inheritdoc/>
    public string Name => "ancestral";

    /// <inheritdoc/>
    public Odds OddsOf(Moment moment)
    {
        var (problem, _, _, s, t) = moment;
        if (!moment.IsMasked)
            return new(0, ReverseLaw.MayChange(s, t, problem.Process.Chain) ? 1 : 0);
        return new(0, 1 - Posterior.Of(s, t, problem.Process.Chain, masked: true, unchanged: false, problem.Words.Words).Mask);
    }

    /// <inheritdoc/>
    public void Weigh(Span<double> law, Moment moment, Choice choice)
    {
        choice.Apply(law, moment.Settles);
        ReverseLaw.Weigh(law, moment.Token, moment.S, moment.T, moment.Problem.Process.Chain);
    }
}
