using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>A run that is ready to go.</summary>
internal abstract class Run : IDisposable
{
    /// <summary>What the numbers are computed with.</summary>
    public abstract ComputeEngine Engine { get; }

    /// <summary>Carries it out, from wherever it stands to its last number.</summary>
    /// <returns>The rows of <c>metrics.csv</c>, those of the whole run left out.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; it can go on later.</exception>
    public abstract IEnumerable<Metric> Execute();

    /// <inheritdoc/>
    public abstract void Dispose();
}
