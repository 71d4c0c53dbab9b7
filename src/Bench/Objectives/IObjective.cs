using Bench.Backbone;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>What a method minimises: a loss per position, and the bound on −ln p(x) that its likelihood is reported with.</summary>
public interface IObjective
{
    /// <summary>The objective's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>Whether the value is −ln p(x) itself and needs no random draw.</summary>
    bool IsExact { get; }

    /// <summary>The loss. Of <see cref="ForLikelihood"/> it is an unbiased estimate of the bound: the expectation of the sum over positions, with what is named below, bounds the sequence's −ln p from above.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="batch">B examples of L tokens.</param>
    /// <param name="levels">B numbers in (0, 1): where in the noise range each example is put. Stratified by the caller.</param>
    /// <param name="noise">Draws of the corruption, by example.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[B, L] nats.</returns>
    Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device);

    /// <summary>Parts of the bound in nats per token that need no network.</summary>
    ConstantTerms Constants { get; }

    /// <summary>The part of the bound that takes a network call of its own: the step from what is still noisy at time 0 to clean tokens. Null where nothing is owed.</summary>
    IObjective? Reconstruction => null;

    /// <summary>The bound with the estimator of least variance: what likelihoods are reported with. Training keeps to the published loss, which need not be a bound.</summary>
    IObjective ForLikelihood => this;
}
