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

    /// <summary>
    /// Whether the first token of a sequence is read, and the second predicted from it, as published autoregressive networks do: it is then
    /// given, and nothing stands at position −1.
    /// </summary>
    public bool FirstIsRead { get; init; }

    /// <inheritdoc/>
    public string Name => "next-token cross-entropy";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public ConstantTerms Constants => default;

    /// <inheritdoc/>
    IObjective IObjective.ReadingFirst => this with { FirstIsRead = true };

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        using var scope = NewDisposeScope();
        if (FirstIsRead)
            return Read(network, batch, device).MoveToOuterDisposeScope();
        var input = tensor(batch.Shifted(MaskId), [batch.Rows, batch.Length]).On(device); // [B, L]
        var given = Sigma is { } sigma ? full([batch.Rows], sigma, float64, device) : null;
        var targets = tensor(batch.Tokens, [batch.Rows, batch.Length]).On(device);        // [B, L]
        var asked = new DenoiserInput(input, given, Layout: SequenceLayout.Single(batch.Length, causal: true));
        var nats = network.NegativeLogLikelihood(asked, targets, MaskId);
        return Targets.Only(nats, batch).MoveToOuterDisposeScope();
    }

    // Slot i of [x_0, .., x_{L-2}] predicts token i + 1; the first has no loss.
    private Tensor Read(IDenoiser network, ExampleBatch batch, Device device)
    {
        int length = batch.Length;
        if (Enumerable.Range(0, batch.Rows).FirstOrDefault(row => !batch.IsGiven(row * length), -1) is >= 0 and var row)
            throw new ArgumentException($"the first token of example {row} is read, and is not given", nameof(batch));
        var tokens = tensor(batch.Tokens, [batch.Rows, length]).On(device);                                    // [B, L]
        if (length == 1)
            return zeros([batch.Rows, 1], device: device);
        var given = Sigma is { } sigma ? full([batch.Rows], sigma, float64, device) : null;
        var asked = new DenoiserInput(
            tokens.narrow(1, 0, length - 1).contiguous(), given, Layout: SequenceLayout.Single(length - 1, causal: true));
        var nats = network.NegativeLogLikelihood(asked, tokens.narrow(1, 1, length - 1).contiguous(), MaskId); // [B, L - 1]
        return Targets.Only(cat([zeros([batch.Rows, 1], nats.dtype, device), nats], 1), batch);                // [B, L]
    }
}
