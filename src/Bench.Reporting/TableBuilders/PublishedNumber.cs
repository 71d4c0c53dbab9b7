using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>A published number: a row of <c>baselines/published/*.csv</c>.</summary>
/// <param name="Method">As its paper calls it.</param>
/// <param name="Metric">The name that <see cref="MetricCatalog"/> has where we have it too.</param>
/// <param name="Value">The number.</param>
/// <param name="Decimals">How many digits after the point the paper gives.</param>
/// <param name="IsUpperBound">The paper reports a bound.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Dataset">What it was measured on.</param>
/// <param name="Protocol">How.</param>
/// <param name="Paper">A key of <c>references.bib</c>, or an address.</param>
/// <param name="Table">Where in the paper; empty when not known.</param>
/// <param name="Certainty">How sure we are that the paper says so.</param>
public sealed record PublishedNumber(
    string Method,
    string Metric,
    double Value,
    int Decimals,
    bool IsUpperBound,
    string Unit,
    string Dataset,
    string Protocol,
    string Paper,
    string Table,
    Certainty Certainty)
{
    private static readonly string[] Header = ["method", "metric", "value", "bound", "unit", "dataset", "protocol", "paper", "table", "certainty"];

    /// <summary>Reads every CSV of the folder, by name; none when the folder is not there.</summary>
    /// <exception cref="SuiteException">A file is damaged, or says what no column may say.</exception>
    public static ImmutableArray<PublishedNumber> ReadAll(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.csv").OrderBy(path => path, StringComparer.Ordinal).SelectMany(Read)]
        : [];

    private static List<PublishedNumber> Read(string path) =>
        CsvFormat.Read(path, InputFile.ReadText(path), Header, row => new PublishedNumber(
        row.Text("method"),
        row.Text("metric"),
        row.Finite("value"),
        DecimalsOf(row.Text("value")),
        row.Text("bound") switch { "<=" => true, "=" => false, var other => throw new FormatException($"bound is '{other}', not '<=' or '='") },
        row.Text("unit"),
        row.Text("dataset"),
        row.Text("protocol"),
        row.Text("paper"),
        row.Text("table"),
        row.Text("certainty") switch
        {
            "paper" => Certainty.Paper,
            "website" => Certainty.Website,
            "secondary" => Certainty.Secondary,
            "recalled" => Certainty.Recalled,
            var other => throw new FormatException($"certainty is '{other}', not paper, website, secondary or recalled"),
        }));

    private static int DecimalsOf(string written) =>
        written.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? written.Length - point - 1 : 0;
}

/// <summary>How a published number came to us.</summary>
public enum Certainty
{
    /// <summary>Read in the paper itself.</summary>
    Paper,

    /// <summary>Read on the authors' pages.</summary>
    Website,

    /// <summary>Quoted by another paper.</summary>
    Secondary,

    /// <summary>From memory: a hint only.</summary>
    Recalled,
}
