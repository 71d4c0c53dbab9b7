using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Options;

/// <summary>A run as people name it: by its id, the beginning of its id, or its folder.</summary>
internal static class RunReference
{
    private const int Shown = 6;

    /// <summary>The run that is meant; null, and one more problem, where that is none or not one.</summary>
    public static RunRecord? Find(ImmutableArray<RunRecord> known, string where, string text, List<Problem> problems)
    {
        if (Directory.Exists(text) && RunStore.ReadAt(text) is { } there)
            return there;
        RunRecord[] meant = text.Length == 0 ? [] : [.. known.Where(run => run.Id.StartsWith(text, StringComparison.Ordinal))];
        if (meant is [var run])
            return run;
        problems.Add(meant.Length > 1
            ? new(where, $"{meant.Length} runs have ids that begin with '{text}'", $"Write more of it: {string.Join(", ", meant.Take(Shown).Select(run => run.Id))}{(meant.Length > Shown ? ", ..." : "")}.")
            : new(where, $"'{text}' is no folder of a run, and no run has an id that begins like that", Advice(text, known)));
        return null;
    }

    private static string Advice(string text, ImmutableArray<RunRecord> known) =>
        (Spelling.Closest(text, known.Select(run => run.Id)) is { } meant ? $"Did you mean '{meant}'? " : "") + "'bench runs' lists all runs and their folders.";
}
