using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bench.Cli.Display;
using Bench.Experiments.Definitions;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Cli.Differences;

/// <summary>The differences of two runs as tables; equal parts have none.</summary>
internal static class RunDifference
{
    public static IEnumerable<TextTable> Of(RunRecord left, RunRecord right)
    {
        TextTable[] all =
        [
            Values("Definition", Written(left), Written(right)),
            Values("Environment", Facts(left), Facts(right)),
            MetricDifference.Of(left, right),
            FileDifference.Of(left.Folder, right.Folder),
        ];
        return all.Where(table => table.Rows.Length > 0);
    }

    /// <summary>The entries of two lists that differ.</summary>
    public static IEnumerable<(TKey Key, TValue? Left, TValue? Right)> Pairs<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> left,
        IEnumerable<KeyValuePair<TKey, TValue>> right)
        where TKey : notnull
        where TValue : class
    {
        var there = right.DistinctBy(pair => pair.Key).ToDictionary();
        var here = left.DistinctBy(pair => pair.Key).ToDictionary();
        return here.Keys.Union(there.Keys).Select(key => (key, here.GetValueOrDefault(key), there.GetValueOrDefault(key)))
            .Where(pair => !Equals(pair.Item2, pair.Item3));
    }

    private static TextTable Values(string caption, IEnumerable<KeyValuePair<string, string>> left,
        IEnumerable<KeyValuePair<string, string>> right) => TableDisplay.Words(
        caption,
        ["What", "A", "B"],
        Pairs(left, right).Select(pair => (ImmutableArray<string>)[pair.Key, pair.Left ?? Table.Dash, pair.Right ?? Table.Dash]));

    private static IEnumerable<KeyValuePair<string, string>> Written(RunRecord run) =>
        run.Definition.Leaves().Select(leaf => KeyValuePair.Create(DefinitionReader.KeyOf(leaf.Key), leaf.Value));

    private static IEnumerable<KeyValuePair<string, string>> Facts(RunRecord run)
    {
        var state =
            new KeyValuePair<string, string>("State", $"{run.Status.State}{(run.Status.Reason is { } reason ? $": {reason}" : "")}");
        return run.Environment is null
            ? [state]
            : JsonSerializer.SerializeToElement(run.Environment).EnumerateObject()
                .Select(fact => KeyValuePair.Create(fact.Name, fact.Value.ToString())).Append(state);
    }
}

/// <summary>Files that two run folders do not have in common.</summary>
internal static class FileDifference
{
    private const int Chunk = 1 << 20; // bytes: checkpoints are larger than what can be held

    // They always differ, and do not matter.
    private static readonly string[] Passing = ["log.txt", "run.lock"];

    public static TextTable Of(string left, string right) => TableDisplay.Words(
        "Files",
        ["File", "A", "B"],
        Files(left).Union(Files(right)).Order(StringComparer.Ordinal)
            .Select(file => (File: file, A: new FileInfo(Path.Combine(left, file)), B: new FileInfo(Path.Combine(right, file))))
            .Where(pair => !AreSame(pair.A, pair.B))
            .Select(pair => (ImmutableArray<string>)[pair.File, Size(pair.A), Size(pair.B)]));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !Passing.Contains(file));

    private static bool AreSame(FileInfo a, FileInfo b)
    {
        if (!a.Exists || !b.Exists || a.Length != b.Length)
            return false;
        using FileStream left = InputFile.Open(a.FullName), right = InputFile.Open(b.FullName);
        byte[] ours = new byte[Chunk], theirs = new byte[Chunk];
        int count;
        do
        {
            count = left.ReadAtLeast(ours, Chunk, throwOnEndOfStream: false);
            if (right.ReadAtLeast(theirs, Chunk, throwOnEndOfStream: false) != count
                || !ours.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count)))
                return false;
        }
        while (count == Chunk);
        return true;
    }

    private static string Size(FileInfo file) => file.Exists ? Quantity.Bytes(file.Length) : Table.Dash;
}

/// <summary>What two runs measured differently, in units of the standard error of the difference where both errors are known.</summary>
internal static class MetricDifference
{
    private const string Not = "not comparable";
    private const string Errors =
        "In errors: the difference over its standard error, √(a² + b²), as if the runs were independent; runs on the same text are not "
            + "quite independent, so that smaller differences may already be significant.";
    private const string Why =
        $"{Not}: measured under another protocol or on another number of pieces; metrics.csv and generation.csv say which.";

    public static TextTable Of(RunRecord left, RunRecord right)
    {
        var pairs = RunDifference.Pairs(Of(left), Of(right)).ToList();
        return TableDisplay.Words(
            "Metrics",
            ["Metric", "Of", "Unit", "A", "B", "B − A", "In errors"],
            pairs.Select(pair => Row(pair.Key, pair.Left, pair.Right)),
            pairs.Exists(pair => !AreComparable(pair.Left, pair.Right)) ? [Errors, Why] : [Errors]);
    }

    private static IEnumerable<KeyValuePair<(string Name, string Of, string Unit), Measured>> Of(RunRecord run) =>
    [
        .. run.Metrics.Select(
            metric => KeyValuePair.Create((metric.Name, metric.Split, metric.Unit),
                new Measured(metric.Value, metric.StandardError, metric.Count, metric.Protocol))),
        .. run.Generation.Select(
            metric => KeyValuePair.Create((metric.Name, Of(metric), metric.Unit),
                new Measured(metric.Value, metric.StandardError, metric.Count, metric.Protocol))),
    ];

    private static string Of(GenerationMetric metric)
    {
        var way = metric.Setting;
        string scored = metric.Scorer.Length > 0 ? $", scored by {metric.Scorer}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{way.Sampler}, {way.Steps} "
                + $"steps{(way.Temperature == 1 ? "" : $", temperature {way.Temperature}")}"
                + $"{(way.Nucleus == 1 ? "" : $", nucleus {way.Nucleus}")}{(way.Cached ? ", cached" : "")}, {way.Batch} at once{scored}");
    }

    private static ImmutableArray<string> Row((string Name, string Of, string Unit) what, Measured? a, Measured? b)
    {
        if (!AreComparable(a, b))
            return [what.Name, what.Of, what.Unit, Number(a?.Value), Number(b?.Value), Not, Table.Dash];
        double? difference = b?.Value - a?.Value;
        double? error = a?.Error is { } left && b?.Error is { } right ? Math.Sqrt((left * left) + (right * right)) : null;
        return [what.Name, what.Of, what.Unit, Number(a?.Value), Number(b?.Value), Number(difference),
            error is > 0 ? $"{(difference!.Value / error.Value).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture)}" : Table.Dash];
    }

    private static bool AreComparable(Measured? a, Measured? b) => a is null || b is null || (a.Count, a.Protocol) == (b.Count, b.Protocol);

    private static string Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? Table.Dash;

    private sealed record Measured(double Value, double? Error, long? Count, string Protocol);
}
