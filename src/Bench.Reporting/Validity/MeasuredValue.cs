using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Validity;

/// <summary>A row of <c>metrics.csv</c> or <c>generation.csv</c>: what the two have in common.</summary>
/// <param name="Run">Its run.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">The line that it begins in.</param>
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
    int Line,
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
        .. Lines(run.Metrics, TextOf).Select(at => Of(run, at.Row, at.Line)),
        .. Lines(run.Generation, TextOf).Select(at => new MeasuredValue(
            run, "generation.csv", at.Line, at.Row.Name, Way(at.Row), at.Row.Unit, at.Row.Value, at.Row.StandardError, at.Row.Low,
            at.Row.High, at.Row.SaysWhyUndefined)),
    ];

    /// <summary>A row of <c>metrics.csv</c>.</summary>
    public static MeasuredValue Of(RunRecord run, Metric row) =>
        Of(run, row, Lines(run.Metrics, TextOf).First(at => ReferenceEquals(at.Row, row)).Line);

    /// <summary>Says that it cannot be.</summary>
    /// <param name="why">What it contradicts, after "but".</param>
    /// <param name="fix">What to look for.</param>
    /// <param name="column">Where that is seen.</param>
    public ImpossibleValue Impossible(string why, string fix, string column = "value") =>
        new(Run, File, Line, column, Metric, Where, Unit, Value, why, fix);

    private static MeasuredValue Of(RunRecord run, Metric row, int line) =>
        new(run, "metrics.csv", line, row.Name, row.Split, row.Unit, row.Value, row.StandardError);

    // A text in quotes may go over several lines.
    private static IEnumerable<(T Row, int Line)> Lines<T>(IEnumerable<T> rows, Func<T, string> text)
    {
        int line = 2; // behind the header
        foreach (var row in rows)
        {
            yield return (row, line);
            line += 1 + text(row).Count(character => character == '\n');
        }
    }

    private static string TextOf(Metric row) => row.Name + row.Split + row.Unit + row.Protocol;

    private static string TextOf(GenerationMetric row) => row.Setting.Sampler + row.Name + row.Scorer + row.Unit + row.Protocol;

    private static string Way(GenerationMetric row)
    {
        var setting = row.Setting;
        string way = $"{setting.Sampler}, {setting.Steps} steps, temperature {CsvFormat.Field(setting.Temperature)}";
        return row.Scorer.Length == 0 ? way : $"{way}, scored by {row.Scorer}";
    }
}
