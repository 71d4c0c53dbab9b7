using Bench.Models;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>An objective plus the next-token cross-entropy of clean text, so that settled tokens are trained too (HDLM, arXiv 2504.06416).</summary>
/// <remarks>Only a shifted view asks clean tokens for what they do not see; an aligned one would train to copy. The likelihood is the objective's own.</remarks>
/// <param name="Diffusion">The objective.</param>
/// <param name="View">The view it has of the network.</param>
/// <param name="MaskId">Stands at position −1.</param>
/// <param name="Share">What the cross-entropy counts.</param>
/// <param name="Told">σ(0), what a network that is told the noise is told of settled tokens.</param>
public sealed record WithSettledTokens(IObjective Diffusion, BackboneView View, int MaskId, double Share = 1, double Told = 0) : IObjective
{
    private readonly NextToken settled = View switch
    {
        { Shifted: false } => throw new ArgumentException($"a settled token of a view that is {View} predicts itself", nameof(View)),
        { Context: not Attention.Causal } => throw new ArgumentException($"in generation settled tokens of a view that is {View} do not attend causally; give it a causal context", nameof(View)),
        { IsTold: true } => new(MaskId) { Sigma = Told },
        _ => new(MaskId),
    };

    /// <inheritdoc/>
    public string Name => $"{Diffusion.Name} + next-token cross-entropy";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => Diffusion.Constants;

    /// <inheritdoc/>
    public IObjective? Reconstruction => Diffusion.Reconstruction;

    /// <inheritdoc/>
    public IObjective ForLikelihood => Diffusion.ForLikelihood;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        using var scope = NewDisposeScope();
        return (Diffusion.PerPosition(network, batch, levels, noise, device) + (Share * settled.PerPosition(network, batch, levels, noise, device))).MoveToOuterDisposeScope();
    }
}
