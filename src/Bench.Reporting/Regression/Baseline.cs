using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Validity;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Metrics;
using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Regression;

/// <summary>The guarded metrics of an experiment: <c>baselines/ci/*.csv</c>.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Data">The beginning of its text's hash: numbers measured on another text are other numbers.</param>
/// <param name="Metrics">By method.</param>
public sealed record Baseline(string Experiment, string Data, ImmutableArray<GuardedMetric> Metrics)
{
    /// <summary>Seeds that a spread takes; with fewer, Student's t allows anything.</summary>
    public const int LeastSeeds = 3;

    private static readonly string[] Header = ["experiment", "data", "method", "metric", "where", "unit", "better", "value", "spread",
        "seeds"];
    private static readonly string[] Directions = ["less", "more", "same"]; // as the enum has them

    /// <summary>Reads a file.</summary>
    /// <exception cref="SuiteException">It is not there or damaged.</exception>
    public static Baseline Read(string path)
    {
        if (!File.Exists(path))
            throw new SuiteException("there is no such baseline",
                "Name a file of baselines/ci, or make one with --update --reason from results of several seeds.");
        if (InputFile.Refusal(path, InputFile.MostBytes) is var (what, fix))
            throw new SuiteException($"this {what}", fix);
        (string Experiment, string Data, GuardedMetric Metric)[] rows;
        try
        {
            rows = [.. CsvFormat.Read(path, InputFile.ReadText(path), Header, Row)];
        }
        catch (SuiteException damaged)
        {
            throw new SuiteException(damaged.Message, Mending, damaged);
        }

        string? wrong = rows.Length == 0 ? "it has no rows"
            : rows.Select(row => (row.Experiment, row.Data)).Distinct().Skip(1).Any() ? "its rows are of several experiments or texts"
            : rows.GroupBy(row => row.Metric.Key).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
                ? $"{twice.First().Metric.Method}: {twice.First().Metric.Name} is there twice"
            : null;
        return wrong is null
            ? new(rows[0].Experiment, rows[0].Data, [.. rows.Select(row => row.Metric)])
            : throw new SuiteException($"this file is damaged: {wrong}", Mending);
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path) => AtomicFile.Write(path, CsvFormat.Text(Metrics
        .Select(metric => (IReadOnlyList<string>)
        [
            Experiment, Data, metric.Method, metric.Metric, metric.Where, metric.Unit, Directions[(int)metric.Better],
            CsvFormat.Field(metric.Value), CsvFormat.Field(metric.Spread), CsvFormat.Field((long)metric.Seeds),
        ])
        .Prepend(Header)));

    /// <summary>What results say of everything that is guarded, as means over seeds, by method.</summary>
    public static Baseline Of(Comparison comparison) => new(
        comparison.Experiment,
        comparison.ShortHash,
        [
            .. from pair in comparison.Methods.Select(method => (Method: method, Name: NameOf(comparison, method)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
               from guard in Guards.Of(comparison.Catalog)
               from found in pair.Method.Finished.SelectMany(guard.Find).GroupBy(found => found.Where, StringComparer.Ordinal)
               let values = found.Select(each => each.Value).ToArray()
               let isOne = values.All(value => value.Equals(values[0])) // summed and divided it might be another double
               select new GuardedMetric(
                   pair.Name, guard.Metric, found.Key, found.First().Unit, guard.Better, isOne ? values[0] : values.Mean(),
                   isOne ? 0 : values.StandardDeviation(), values.Length),
        ]);

    /// <summary>With the rows that another one has of some methods in place of its own.</summary>
    /// <param name="fresh">Of the same experiment and text.</param>
    /// <param name="methods">What baselines call them.</param>
    public Baseline With(Baseline fresh, IReadOnlyCollection<string> methods) => this with
    {
        Metrics = [.. Metrics.Where(metric => !methods.Contains(metric.Method))
            .Concat(fresh.Metrics.Where(metric => methods.Contains(metric.Method)))
            .OrderBy(metric => metric.Method, StringComparer.Ordinal)],
    };

    /// <summary>What a baseline calls a method.</summary>
    public static string NameOf(Comparison comparison, MethodResult method) =>
        comparison.Methods.Count(other => other.Method == method.Method) == 1 ? method.Method : method.Label;

    /// <summary>Why these results cannot become a baseline; none where they can.</summary>
    public static IEnumerable<string> Faults(Comparison comparison)
    {
        foreach (var method in comparison.Methods.Where(method => method.Remark is not null))
            yield return $"{NameOf(comparison, method)} {method.Remark}";
        foreach (var method in comparison.Methods.Where(method => method.Remark is null && method.Runs.Length < LeastSeeds))
            yield return $"{NameOf(comparison, method)} has been run with {method.Runs.Length} of at least {LeastSeeds} seeds, and their "
                + $"spread is the tolerance";
        foreach (var impossible in comparison.Methods.SelectMany(method => ValueRules.Violations(method.Runs, comparison.Catalog)))
            yield return $"{impossible.Problem.Where}: {impossible.Problem.What}";
        foreach (var metric in Of(comparison).Metrics)
        {
            if (!double.IsFinite(metric.Value))
                yield return $"{metric.Method}: {metric.Name} is {metric.Value}";
            else if (metric.Seeds < LeastSeeds
                && comparison.Methods.Any(method => NameOf(comparison, method) == metric.Method && method.Finished.Length >= LeastSeeds))
                yield return $"{metric.Method}: {metric.Name} was measured with {metric.Seeds} seeds only";
        }
    }

    private const string Mending =
        "Restore it with git, or delete it and make it anew with --update --reason from results of several seeds.";

    private static (string Experiment, string Data, GuardedMetric Metric) Row(CsvFields row)
    {
        int better = Directions.IndexOf(row.Text("better")), seeds = (int)row.Whole("seeds");
        double value = row.Number("value"), spread = row.Number("spread");
        if (better < 0)
            throw new FormatException($"better is '{row.Text("better")}', and not {string.Join(" or ", Directions)}");
        if (!double.IsFinite(value))
            throw new FormatException($"value is {value}, which nothing can be compared with");
        if (!(spread >= 0 && spread < double.PositiveInfinity))
            throw new FormatException($"spread is {spread}, and a standard deviation is 0 or more");
        if (seeds < 2)
            throw new FormatException($"seeds is {seeds}, and {(seeds == 1 ? "one seed has" : "no seeds have")} no spread");
        return (row.Text("experiment"), row.Text("data"),
            new(row.Text("method"), row.Text("metric"), row.Text("where"), row.Text("unit"), (Direction)better, value, spread, seeds));
    }
}

/// <summary>A number that must not get worse: a row of <c>baselines/ci/*.csv</c>.</summary>
/// <param name="Method">As in definitions; with its settings where an experiment has it several times.</param>
/// <param name="Metric">What is measured, as <see cref="Guards"/> call it.</param>
/// <param name="Where">On which part of the text, or on text generated in which way; empty for neither.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Better">Which way it may go.</param>
/// <param name="Value">The mean over seeds.</param>
/// <param name="Spread">Standard deviation between seeds; 0 where all gave the very same number.</param>
/// <param name="Seeds">How many seeds the two were measured with.</param>
public sealed record GuardedMetric(string Method, string Metric, string Where, string Unit, Direction Better, double Value, double Spread,
    int Seeds)
{
    /// <summary>Deterministic: any other value has a cause in the code.</summary>
    public bool IsExact => Tolerated == 0;

    /// <summary>What it is called in messages: <c>likelihood (test)</c>.</summary>
    public string Name => Where.Length == 0 ? Metric : $"{Metric} ({Where})";

    /// <summary>The spread that tolerances come from: no less than its kind has.</summary>
    internal double Tolerated => Math.Max(Spread, Guards.Floor(Metric));

    internal (string Method, string Metric, string Where) Key => (Method, Metric, Where);
}
