using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Ancestral steps that also mask tokens again, at a share of the highest rate that the schedule admits: σ = η σ_max (ReMDM, arXiv
/// 2503.00307).
/// </summary>
/// <param name="Share">η in [0, 1]; 0 is <see cref="Ancestral"/>.</param>
public sealed record ReMdmRescale(double Share) : ITokenwise
{
    /// <inheritdoc cref="ReMdmRescale" path="/param"/>
    public double Share { get; } = Require.UnitInterval(Share);

    /// <inheritdoc/>
    public string Name => $"ReMDM rescale {Share}";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment) =>
        MoveProbabilities.WithRemasking(moment.IsMasked, Share * Remasking.Most(moment.S, moment.T), moment.S, moment.T);

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding) =>
        decoding.Apply(distribution, moment.Settles);
}
