using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>Ancestral steps that also mask tokens again, at a capped rate: σ = min(η, σ_max) (ReMDM, arXiv 2503.00307).</summary>
/// <param name="Cap">
/// η in [0, 1]: the probability that a token is masked again in a step, as far as the schedule admits it; 0 is <see cref="Ancestral"/>.
/// </param>
public sealed record ReMdm(double Cap) : ITokenwise
{
    /// <inheritdoc cref="ReMdm" path="/param"/>
    public double Cap { get; } = Require.UnitInterval(Cap);

    /// <inheritdoc/>
    public string Name => $"ReMDM cap {Cap}";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment) =>
        MoveProbabilities.WithRemasking(moment.IsMasked, Math.Min(Cap, Remasking.Most(moment.S, moment.T)), moment.S, moment.T);

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding) =>
        decoding.Apply(distribution, moment.Settles);
}
