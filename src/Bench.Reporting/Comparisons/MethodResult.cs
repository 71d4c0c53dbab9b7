using System.Collections.Immutable;
using Bench.Reporting.Numbers;
using Bench.Results;
using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Comparisons;

/// <summary>Everything known of one definition: its runs, which differ in nothing but the seed.</summary>
/// <param name="Label">What to call it in this comparison, where every label is there once.</param>
/// <param name="Runs">At least one, by seed.</param>
public sealed record MethodResult(string Label, ImmutableArray<RunRecord> Runs)
{
    /// <summary>The definition, with the first seed.</summary>
    public RunDefinition Definition => Runs[0].Definition;

    public string Method => Definition.Method;

    /// <summary>The n of an n-gram baseline; null for a network.</summary>
    public int? NGramOrder => Definition.NGramOrder;

    public ImmutableArray<RunRecord> Finished => [.. Runs.Where(run => run.Status.State == RunState.Finished)];

    /// <summary>What went wrong, seed by seed; null when every run is finished.</summary>
    public string? Remark => Finished.Length == Runs.Length
        ? null
        : string.Join("; ", Runs.Where(run => run.Status.State != RunState.Finished).Select(Excuse));

    /// <summary>
    /// The mean over seeds. Its standard error adds two independent ones in squares: that of the measurement (the text
    /// is a sample, and so are the noise levels), which more seeds on the same text do not lessen, and that of the seeds.
    /// </summary>
    public Measurement? Measure(string name, string split = Splits.None)
    {
        Metric[] found = [.. Finished.Select(run => run.Find(name, split)).OfType<Metric>()];
        if (found.Length == 0)
            return null;

        double[] errors = [.. found.Select(metric => metric.StandardError).OfType<double>()];
        double squares = (errors.Length == found.Length ? Square(errors.Mean()) : 0)
            + (found.Length > 1 ? found.Select(metric => metric.Value).Variance() / found.Length : 0);
        return new Measurement(found.Select(metric => metric.Value).Mean(), squares > 0 ? Math.Sqrt(squares) : null);
    }

    /// <summary>Likelihood in bits per character. It is an upper bound where a diffusion term was measured.</summary>
    public Measurement? Bits(string split) => Bounded(MetricNames.Likelihood, split);

    /// <summary>Perplexity per character, an upper bound where the likelihood is one.</summary>
    public Measurement? Perplexity(string split) => Bounded(MetricNames.Perplexity, split);

    /// <summary>How the likelihood was measured, in words.</summary>
    public IEnumerable<string> Protocols(string split) =>
        Finished.Select(run => run.Find(MetricNames.Likelihood, split)?.Protocol).OfType<string>().Where(text => text.Length > 0).Distinct(StringComparer.Ordinal);

    private Measurement? Bounded(string name, string split) =>
        Measure(name, split) is { } found ? found with { IsUpperBound = Measure(MetricNames.Diffusion, split) is not null } : null;

    private static double Square(double x) => x * x;

    private string Excuse(RunRecord run)
    {
        string seed = Runs.Length > 1 ? $" (seed {run.Seed})" : "";
        return run.Status.State == RunState.Failed
            ? $"failed{seed}: {run.Status.Reason ?? "no reason was recorded"}"
            : $"not finished{seed}: start it again and it goes on";
    }
}
