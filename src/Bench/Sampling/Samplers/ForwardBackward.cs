using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// A step to s and back to t, and to s again: σ = (α_s − α_t)/α_t as far as the schedule admits it, which reveals masks twice as often
/// (forward-backward corrector: Campbell et al., arXiv 2205.14987; as a rate in ReMDM, arXiv 2503.00307).
/// </summary>
public sealed record ForwardBackward : ITokenwise
{
    /// <inheritdoc/>
    public string Name => "forward-backward";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment) =>
        MoveProbabilities.WithRemasking(moment.IsMasked, Remasking.ForwardBackward(moment.S, moment.T), moment.S, moment.T);

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding) =>
        decoding.Apply(distribution, moment.Settles);
}
