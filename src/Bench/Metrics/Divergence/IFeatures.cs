using Bench.Attention;
using Bench.Backbone;
using Bench.Kernels;
using Bench.Results.Metrics;
using Bench.Scoring;
using static TorchSharp.torch;

namespace Bench.Metrics.Divergence;

/// <summary>Turns texts into points, so that their distributions can be compared.</summary>
public interface IFeatures
{
    /// <summary>Whose features, in tables.</summary>
    string Name { get; }

    /// <summary>What they are, as text.</summary>
    string Protocol { get; }

    /// <summary>[texts][d]</summary>
    double[][] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default);
}

/// <summary>
/// What an autoregressive network thinks of a text: the mean over positions of its last hidden state, at the inputs that it was trained on.
/// </summary>
/// <param name="name">Whose features, in tables.</param>
/// <param name="network">Shifted and causal, in evaluation mode, not noise-conditioned.</param>
/// <param name="maskId">Stands before the first token.</param>
/// <param name="device">Where the network is.</param>
/// <param name="rows">Sequences at once.</param>
public sealed class NetworkFeatures(string name, Ddit network, int maskId, Device device, int rows = 64) : IFeatures
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Protocol => "mean over positions of the last hidden state";

    /// <inheritdoc/>
    public double[][] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        double[][] features = [.. texts.Select(_ => new double[network.Shape.Width])];
        foreach (var (numbers, batch) in TextBatches.Of(texts, _ => rows))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var input = tensor(batch.Shifted(maskId), [batch.Rows, batch.Length]).On(device);                 // [B, L]
            var hidden = network.Features(input, layout: SequenceLayout.Single(batch.Length, causal: true));              // [B, L, D]
            double[] means = hidden.to(float64).mean([1]).OnHost().data<double>().ToArray();                      // [B, D]
            foreach (var (row, number) in numbers.Index())
                means.AsSpan(row * network.Shape.Width, network.Shape.Width).CopyTo(features[number]);
        }

        return features;
    }
}
