using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// −ln p(x) = Σ_i −ln p(x_i | x_&lt;i): the exact chain rule, every position in one causal pass over the shifted sequence.
/// </summary>
/// <param name="MaskId">Stands at position −1: before the first token, as everywhere ahead, there is nothing but the mask.</param>
public sealed record NextToken(int MaskId) : IObjective
{
    /// <summary>Noise level given for clean tokens; null without noise conditioning.</summary>
    public double? Sigma { get; init; }

    /// <inheritdoc/>
    public string Name => "next-token cross-entropy";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public ConstantTerms Constants => default;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        using var scope = NewDisposeScope();
        var input = tensor(batch.Shifted(MaskId), [batch.Rows, batch.Length]).On(device); // [B, L]
        var given = Sigma is { } sigma ? full([batch.Rows], sigma, float64, device) : null;
        var targets = tensor(batch.Tokens, [batch.Rows, batch.Length]).On(device);        // [B, L]
        var asked = new DenoiserInput(input, given, Layout: SequenceLayout.Single(batch.Length, causal: true));
        var nats = network.NegativeLogLikelihood(asked, targets, MaskId);
        return Targets.Only(nats, batch).MoveToOuterDisposeScope();
    }
}
