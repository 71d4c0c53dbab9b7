using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Validity;

/// <summary>A row of <c>metrics.csv</c> or <c>generation.csv</c>: what the two have in common.</summary>
/// <param name="Run">Its run.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Metric">What is measured.</param>
/// <param name="Where">The split, or how the text was generated.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error in the same unit; null where none was estimated.</param>
/// <param name="Low">The lower end of its interval; null where none was estimated.</param>
/// <param name="High">The upper end.</param>
/// <param name="IsUndefined">The row says why there is no number.</param>
internal sealed record MeasuredValue(
    RunRecord Run,
    string File,
    string Metric,
    string Where,
    string Unit,
    double Value,
    double? StandardError,
    double? Low = null,
    double? High = null,
    bool IsUndefined = false)
{
    /// <summary>Every row of a run.</summary>
    public static IEnumerable<MeasuredValue> AllOf(RunRecord run) =>
    [
        .. run.Metrics.Select(row => Of(run, row)),
        .. run.Generation.Select(row => new MeasuredValue(
            run, "generation.csv", row.Name, Way(row), row.Unit, row.Value, row.StandardError, row.Low, row.High, row.SaysWhyUndefined)),
    ];

    /// <summary>A row of <c>metrics.csv</c>.</summary>
    public static MeasuredValue Of(RunRecord run, Metric row) =>
        new(run, "metrics.csv", row.Name, row.Split, row.Unit, row.Value, row.StandardError);

    /// <summary>Says that it cannot be.</summary>
    /// <param name="why">What it contradicts, after "but".</param>
    /// <param name="fix">What to look for.</param>
    public ImpossibleValue Impossible(string why, string fix) => new(Run, File, Metric, Where, Unit, Value, why, fix);

    private static string Way(GenerationMetric row)
    {
        var setting = row.Setting;
        string way = $"{setting.Sampler}, {setting.Steps} steps, temperature {CsvFormat.Field(setting.Temperature)}";
        return row.Scorer.Length == 0 ? way : $"{way}, scored by {row.Scorer}";
    }
}
