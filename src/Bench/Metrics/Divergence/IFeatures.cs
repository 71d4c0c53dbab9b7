using Bench.Results.Metrics;
using Bench.Scoring;

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
