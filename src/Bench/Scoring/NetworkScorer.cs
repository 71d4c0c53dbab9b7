using Bench.Backbone;
using Bench.Kernels;
using Bench.Objectives;
using Bench.Results.Metrics;
using static TorchSharp.torch;

namespace Bench.Scoring;

/// <summary>An autoregressive network as scorer, by the exact chain rule.</summary>
/// <param name="name">The name in tables.</param>
/// <param name="network">In evaluation mode, and asked in <paramref name="distribution"/>'s view.</param>
/// <param name="distribution">The chain rule over the run's vocabulary.</param>
/// <param name="device">Where the network is.</param>
/// <param name="counted">Which tokens count; all by default.</param>
/// <param name="rows">Sequences scored at once.</param>
public sealed class NetworkScorer(string name, IDenoiser network, NextToken distribution, Device device, CountedTokens? counted = null,
    int rows = 64) : IScorer
{
    private readonly CountedTokens counted = counted ?? CountedTokens.All;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Protocol => $"autoregressive network, {counted}";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        TextLikelihood[] scored = [.. texts.Select(text => new TextLikelihood(0, 0, text.Characters))];
        foreach (var (numbers, batch) in TextBatches.Of(texts, length => LogitBudget.Rows(rows, length, distribution.MaskId + 1)))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            // [B, L]
            double[] nats =
                distribution.PerPosition(network, batch, default, default, device).to(float64).OnHost().data<double>().ToArray();
            foreach (var (row, number) in numbers.Index())
                scored[number] = counted.Sum(texts[number], nats.AsSpan(row * batch.Length, batch.Length));
        }

        return scored;
    }
}
