using System.CommandLine;
using Bench.Cli.Differences;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Reporting.Tables;
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
