using System.Collections.Immutable;
using System.Globalization;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Reporting.Regression;

/// <summary>When baselines were written anew, by which commit and why, and what moved: <c>history.csv</c> beside them.</summary>
/// <param name="path">The file.</param>
public sealed class BaselineHistory(string path)
{
    private static readonly string[] Header = ["date", "commit", "baseline", "reason", "method", "metric", "where", "unit", "before", "after"];

    /// <summary>That of the folder that a baseline is in.</summary>
    public static BaselineHistory Beside(string baseline) => new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(baseline))!, "history.csv"));

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The commit that a baseline was last measured at, or null.</summary>
    /// <exception cref="SuiteException">The file is damaged.</exception>
    public string? CommitOf(string baseline) => Rows().Where(row => row[2] == Name(baseline)).Select(row => row[1]).LastOrDefault()?.Split(' ', '-')[0] is { Length: 40 } hash && hash.All(char.IsAsciiHexDigit)
        ? hash
        : null;

    /// <summary>The file with an update added: a row for each metric that moved by more than chance, came or went; one row where none did, or where there was no baseline before.</summary>
    /// <param name="baseline">The baseline's file.</param>
    /// <param name="date">Now.</param>
    /// <param name="commit">What the numbers were measured at.</param>
    /// <param name="reason">Why it was made anew.</param>
    /// <param name="moved">Metrics that moved.</param>
    /// <exception cref="SuiteException">The file is damaged.</exception>
    public string With(string baseline, DateTimeOffset date, string commit, string reason, IEnumerable<MetricComparison> moved)
    {
        string[] head = [date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), commit, Name(baseline), reason.ReplaceLineEndings(" ").Trim()];
        var rows = moved.Select(row => (string[])
        [
            .. head, row.Metric.Method, row.Metric.Metric, row.Metric.Where, row.Metric.Unit, row.Verdict == Verdict.Unguarded ? "" : CsvFormat.Field(row.Metric.Value), CsvFormat.Field(row.Fresh),
        ]).ToList();
        if (rows.Count == 0)
            rows.Add([.. head, "", "", "", "", "", ""]);
        return CsvFormat.Text(Rows().Prepend(Header).Concat(rows));
    }

    private static string Name(string baseline) => System.IO.Path.GetFileName(baseline);

    private ImmutableArray<string[]> Rows()
    {
        try
        {
            return File.Exists(path)
                ? [.. CsvFormat.Read(path, InputFile.ReadText(path), Header, row => Header.Select(row.Text).ToArray())]
                : [];
        }
        catch (SuiteException damaged)
        {
            throw new SuiteException(damaged.Message, "Restore it with git: it is a record that no measurement makes anew.", damaged);
        }
    }
}
