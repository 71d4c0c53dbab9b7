using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Planning;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Cli.Display;

/// <summary>Runs as a table.</summary>
internal static class RunTable
{
    /// <summary>A row each, by experiment, method and seed.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="reasons">Show why runs failed, in place of what they measured.</param>
    public static TextTable Of(IEnumerable<RunRecord> runs, bool reasons)
    {
        RunRecord[] sorted = [.. runs.OrderBy(run => run.Experiment, StringComparer.Ordinal)
            .ThenBy(run => run.Method, StringComparer.Ordinal).ThenBy(run => run.Seed).ThenBy(run => run.Id, StringComparer.Ordinal)];
        var states = sorted.CountBy(StateOf).Select(state => $"{state.Value} {state.Key}");
        return TableDisplay.Words(
            "Runs",
            ["Experiment", "Method", "Seed", "State", "Begun (UTC)", "Took", reasons ? "Why" : "Test bits", "Folder"],
            sorted.Select(run => (ImmutableArray<string>)
            [
                run.Experiment,
                run.Method,
                run.Seed.ToString(CultureInfo.InvariantCulture),
                StateOf(run),
                run.Environment?.Date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? Table.Dash,
                Quantity.Time(run.Status.Seconds),
                reasons ? run.Status.Reason ?? Table.Dash : Bits(run) ?? Table.Dash,
                Place(run.Folder),
            ]),
            [
                $"{sorted.Length} {(sorted.Length == 1 ? "run" : "runs")}: {string.Join(", ", states)}.",
                .. MissingHashes.Note(sorted) is { } note ? (string[])[note] : [],
            ]);
    }

    private static string? Bits(RunRecord run) => run.Find(LikelihoodMetrics.Likelihood, Splits.Test) is { } found
        ? NumberFormat.Fixed(LikelihoodMetrics.Likelihood.Digits).Text(found.Value)
        : null;

    /// <summary>A path as one would type it here.</summary>
    public static string Place(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string StateOf(RunRecord run) => run.Status.State switch
    {
        RunState.Finished => "finished",
        RunState.Failed => "failed",
        _ => RunFolder.IsHeld(run.Folder) ? "at work" : "interrupted",
    };
}

/// <summary>The label of a run in progress displays.</summary>
internal static class RunLabel
{
    // Of a swept key its last name is enough: the others are the experiment's.
    public static string Of(PlannedRun run)
    {
        string varied = string.Concat(run.Spec.Varied.Select(one => $" {one.ToString()[(one.Key.LastIndexOf('.') + 1)..]}"));
        return $"{run.Spec.Experiment} {run.Spec.Method.Name}{varied} seed {run.Spec.Seed}";
    }
}
