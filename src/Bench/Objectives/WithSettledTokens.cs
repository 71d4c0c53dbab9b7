using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// An objective plus the next-token cross-entropy of clean text, so that settled tokens are trained too (HDLM, arXiv 2504.06416).
/// </summary>
/// <remarks>
/// Only a shifted view asks clean tokens for what they do not see; an aligned one would train to copy. The likelihood is the objective's
/// own.
/// </remarks>
/// <param name="Diffusion">The objective.</param>
/// <param name="Setup">What it denoises.</param>
/// <param name="Share">What the cross-entropy counts.</param>
public sealed record WithSettledTokens(IObjective Diffusion, DiffusionSetup Setup, double Share = 1) : IObjective
{
    private readonly NextToken settled = Setup.View switch
    {
        { Shifted: false } view => throw new ArgumentException($"a settled token of a view that is {view} predicts itself", nameof(Setup)),
        { Context: not AttentionKind.Causal } view =>
            throw new ArgumentException(
                $"in generation settled tokens of a view that is {view} do not attend causally; give it a causal context", nameof(Setup)),
        var view => new(Setup.Vocabulary.MaskId) { Sigma = view.IsNoiseConditioned ? Setup.Schedule.Sigma(0) : null },
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
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var drawn = Diffusion.Draw(batch, levels, noise);
        return (network, device) =>
        {
            using var scope = NewDisposeScope();
            var nats = drawn(network, device);
            return (nats + (Share * settled.PerPosition(network, batch, default, noise, device))).MoveToOuterDisposeScope();
        };
    }
}
