using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>A run that is ready to go.</summary>
internal abstract class Run : IDisposable
{
    /// <summary>
    /// Makes a run ready, and goes back to its last checkpoint. What fails here has not begun. A new kind of method is one more line here.
    /// </summary>
    public static Run Of(RunContext context) => context.Spec.Method switch
    {
        NetworkMethod network when context.Spec.Source is not null => ImportedRun.Of(network, context),
        NetworkMethod network => NetworkRun.Of(network, context),
        NGram ngram => new NGramRun(ngram, context),
        RealText => new RealTextRun(context),
        var other => throw new ArgumentException($"{other.Name} is of a kind that no run carries out", nameof(context)),
    };

    /// <summary>What the numbers are computed with.</summary>
    public abstract ComputeEngine Engine { get; }

    /// <summary>Carries it out, from wherever it stands to its last number.</summary>
    /// <returns>The rows of <c>metrics.csv</c>, those of the whole run left out.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; it can go on later.</exception>
    public abstract IEnumerable<Metric> Execute();

    /// <inheritdoc/>
    public abstract void Dispose();
}
