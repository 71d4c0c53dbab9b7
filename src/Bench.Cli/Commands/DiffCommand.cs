using System.Collections.Immutable;
using System.CommandLine;
using Bench.Cli.Differences;
using Bench.Cli.Display;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary><c>bench diff</c>: in what two runs differ.</summary>
internal static class DiffCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var first = Run("run", "A run: its id, the beginning of its id, or its folder");
        var second = Run("other", "Another one");
        var command = new Command("diff", "Show in what two runs differ: definition, environment, metrics and files") { first, second };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            var problems = new List<Problem>();
            var known = session.Store.ReadAll();
            var left = RunReference.Find(known, "<run>", parsed.GetValue(first)!, problems);
            var right = RunReference.Find(known, "<other>", parsed.GetValue(second)!, problems);
            if (left is null || right is null)
                throw new ProblemsException([.. problems]);
            Show(session.Here, left, right);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Argument<string> Run(string name, string description) => new(name) { Description = description };

    private static void Show(CliEnvironment environment, RunRecord left, RunRecord right)
    {
        TableDisplay.Line(environment, $"A: {RunTable.Place(left.Folder)}");
        TableDisplay.Line(environment, $"B: {RunTable.Place(right.Folder)}");
        bool differs = false;
        foreach (var table in RunDifference.Of(left, right))
        {
            differs = true;
            environment.Output.WriteLine();
            TableDisplay.Line(environment, table.Caption);
            TableDisplay.Write(environment, table);
        }

        if (!differs)
            TableDisplay.Line(environment, "They do not differ.");
    }
}

/// <summary>Finds a run by its id, the beginning of its id, or its folder.</summary>
internal static class RunReference
{
    private const int Shown = 6;

    /// <summary>The run; null, and one more problem, where the name fits no run or several.</summary>
    public static RunRecord? Find(ImmutableArray<RunRecord> known, string where, string text, List<Problem> problems)
    {
        if (Directory.Exists(text) && RunStore.ReadAt(text) is { } there)
            return there;
        RunRecord[] meant = text.Length == 0 ? [] : [.. known.Where(run => run.Id.StartsWith(text, StringComparison.Ordinal))];
        if (meant is [var run])
            return run;
        problems.Add(meant.Length > 1
            ? new(where, $"{meant.Length} runs have ids that begin with '{text}'",
                $"Write more of it: {string.Join(", ", meant.Take(Shown).Select(run => run.Id))}{(meant.Length > Shown ? ", ..." : "")}.")
            : new(where, $"'{text}' is no folder of a run, and no run has an id that begins like that", Advice(text, known)));
        return null;
    }

    private static string Advice(string text, ImmutableArray<RunRecord> known) =>
        (Spelling.Closest(text, known.Select(run => run.Id)) is { } meant ? $"Did you mean '{meant}'? " : "") +
            "'bench runs' lists all runs and their folders.";
}
