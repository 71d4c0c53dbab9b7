using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;
using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Regression;

/// <summary>A number that must not get worse: a row of <c>baselines/ci/*.csv</c>. Of every guarded metric less is better.</summary>
/// <param name="Method">As in definitions.</param>
/// <param name="Metric">As <see cref="MetricNames"/>.</param>
/// <param name="Split">Which part of the text.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The mean over seeds.</param>
/// <param name="Spread">Standard deviation between seeds; 0 for a method that draws nothing.</param>
/// <param name="Seeds">How many seeds the two were measured with.</param>
public sealed record GuardedMetric(string Method, string Metric, string Split, string Unit, double Value, double Spread, int Seeds)
{
    // Another processor rounds otherwise, and a training drifts apart as two seeds do: four standard deviations of a single run are one false alarm in thirty thousand.
    private const double Deviations = 4;

    // What a sum in another order may change, and what it may change in a training: a few seeds can agree by chance more closely than that.
    private const double Rounding = 1e-6;
    private const double TrainedRounding = 0.005;

    private static readonly string[] Header = ["method", "metric", "split", "unit", "value", "spread", "seeds"];

    /// <summary>How much worse a single run may be by chance.</summary>
    public double Allowed => Spread == 0 ? Rounding : (Deviations * Spread) + TrainedRounding;

    /// <summary>Reads a file of guarded metrics.</summary>
    /// <exception cref="SuiteException">It is not there or damaged.</exception>
    public static ImmutableArray<GuardedMetric> Read(string path) => File.Exists(path)
        ? [.. CsvFormat.Read(path, File.ReadAllText(path), Header, row => new GuardedMetric(
            row.Text("method"), row.Text("metric"), row.Text("split"), row.Text("unit"), row.Number("value"), row.Number("spread"), (int)row.Whole("seeds")))]
        : throw new SuiteException($"there is no baseline {path}", "Name a file of baselines/ci, or make one with --update from results of several seeds.");

    /// <summary>Writes a file of guarded metrics.</summary>
    public static void Write(string path, IEnumerable<GuardedMetric> metrics) => AtomicFile.Write(path, CsvFormat.Text(metrics
        .Select(metric => (IReadOnlyList<string>)
        [
            metric.Method, metric.Metric, metric.Split, metric.Unit, CsvFormat.Field(metric.Value), CsvFormat.Field(metric.Spread), CsvFormat.Field((long)metric.Seeds),
        ])
        .Prepend(Header)));

    /// <summary>What results say of every guarded metric: the likelihood of each split.</summary>
    public static ImmutableArray<GuardedMetric> Of(Comparison comparison) =>
    [
        .. from method in comparison.Methods
           from split in (string[])[Splits.Validation, Splits.Test]
           let found = method.Finished.Select(run => run.Find(MetricNames.Likelihood, split)).OfType<Metric>().ToArray()
           where found.Length > 0
           let values = found.Select(metric => metric.Value).ToArray()
           select new GuardedMetric(
               method.Method, MetricNames.Likelihood, split, found[0].Unit, values.Mean(), values.Length > 1 ? values.StandardDeviation() : 0, values.Length),
    ];
}
