using System.CommandLine;
using Bench.Cli.Display;
using Bench.Experiments.Definitions;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary><c>bench gc</c>: files of the results that can be deleted.</summary>
internal static class GcCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var yes = new Option<bool>("--yes") { Description = "Delete what is listed" };
        var all = new Option<bool>("--all") { Description = "Scoring networks as well; later runs will have to train them again" };
        var command = new Command("gc", "List files that can be deleted: checkpoints of finished runs and leftovers of killed processes") { yes, all };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            bool scorers = parsed.GetValue(all);
            int skipped = 0;
            Collect(session, new Housekeeping(session.Store, run => run.Experiment == RunSpec.ScorerExperiment && !scorers, Skip), parsed.GetValue(yes));
            return skipped > 0 ? ExitCodes.Failure : ExitCodes.Success;

            void Skip(SuiteException why)
            {
                skipped++;
                session.Here.Error.WriteLine($"{why.Message} It is left as it is.");
                session.Here.Error.WriteLine($"    {why.Fix}");
            }
        });
        return command;
    }

    private static void Collect(Session session, Housekeeping housekeeping, bool deletes)
    {
        var environment = session.Here;
        var found = housekeeping.Find();
        if (found.IsEmpty)
        {
            TableDisplay.Line(environment, $"Nothing under {session.Store.Root} can go.");
            return;
        }

        var listed = deletes ? housekeeping.Delete(found) : found;
        string size = Quantity.Bytes(listed.Sum(spare => spare.Bytes));
        TableDisplay.Write(environment, TableDisplay.Words(
            deletes ? "Deleted" : "Can go",
            ["What", "Size", "Where"],
            listed.Select(spare => (System.Collections.Immutable.ImmutableArray<string>)[spare.Why, Quantity.Bytes(spare.Bytes), RunTable.Place(spare.Path)]),
            deletes ? $"{size} are free now." : $"{size} in all. Nothing was deleted: add --yes. Numbers and texts stay; 'bench sample' and 'bench eval' need checkpoints."));
    }
}
