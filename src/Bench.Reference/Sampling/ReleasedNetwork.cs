using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Reference.Sampling;

/// <summary>A network as released samplers call it, without cache: all positions, every time.</summary>
/// <param name="call">Its input.</param>
/// <returns>[B][C][V] outputs, the mask's included.</returns>
public delegate double[][][] ReleasedNetwork(ReleasedCall call);

/// <summary>What a released sampler shows a network in one call.</summary>
/// <param name="Tokens">[B][C], mask included. Not to be kept: the sampler goes on with them.</param>
public sealed record ReleasedCall(long[][] Tokens)
{
    /// <summary>[C] total noise; none without noise conditioning.</summary>
    public ImmutableArray<double> Sigma { get; init; } = [];

    /// <summary>[C, C] true where the query may attend to the key; null for full attention.</summary>
    public bool[,]? Sees { get; init; }
}

/// <summary>A denoiser of this suite as released samplers call it.</summary>
/// <remarks>
/// A query that may attend to nothing attends to itself alone; in the public networks it attends to everything. Shifted samplers have their
/// first token where this suite has a mask at position −1: let it be one.
/// </remarks>
public static class ReleasedDenoiser
{
    /// <summary>Calls a network in evaluation mode.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="conditioned">Whether it is noise-conditioned.</param>
    /// <param name="scaledBySigma">Whether its outputs, taken for log-scores, are lowered by <see cref="ScoreOutput.Offset"/>.</param>
    /// <param name="device">Where it is.</param>
    public static ReleasedNetwork Of(IDenoiser network, bool conditioned, bool scaledBySigma, Device device) => call =>
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        int rows = call.Tokens.Length, positions = call.Tokens[0].Length;
        var layout = call.Sees is { } sees ? SequenceLayout.Of([.. Enumerable.Range(0, positions)], (query, key) => sees[query, key])
            : SequenceLayout.Single(positions, causal: false);
        var sigma = conditioned ? Condition.Of([.. Enumerable.Repeat(call.Sigma, rows).SelectMany(each => each)], rows, device) : null;
        // [B, C, V]
        var outputs = network.Logits(
            tensor([.. call.Tokens.SelectMany(row => row)], [rows, positions], device: device), sigma, layout: layout).to(float64);
        double[][][] byPosition = [.. outputs.cpu().data<double>().ToArray().Chunk((int)outputs.size(-1)).Chunk(positions)];
        return scaledBySigma ? Array.ConvertAll(byPosition, row => row.Select((scores, i) => Lowered(scores, call.Sigma[i])).ToArray())
            : byPosition;
    };

    private static double[] Lowered(double[] outputs, double sigma)
    {
        double offset = ScoreOutput.Offset(sigma, outputs.Length - 1);
        return Array.ConvertAll(outputs, output => output - offset);
    }
}
