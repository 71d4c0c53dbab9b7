using System.CommandLine;
using Bench.Cli.Display;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench regress</c>: fresh results against guarded metrics; fails where one is worse.</summary>
internal static class RegressCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var baseline = new Option<string>("--baseline")
        {
            Description = "File of guarded metrics",
            HelpName = "file",
            DefaultValueFactory = _ => "baselines/ci/smoke.csv",
        };
        var update = new Option<bool>("--update") { Description = "Write the baseline from the results instead; take several seeds, their spread is the tolerance" };
        var all = new Option<bool>("--all") { Description = "Show what did not move, too" };
        var command = new Command("regress", "Compare the results with guarded metrics; fails where one is worse") { baseline, update, all };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            string file = parsed.GetValue(baseline)!;
            var comparisons = Comparison.All(session.Store.ReadAll());
            if (comparisons.IsEmpty)
                throw new SuiteException($"there are no results in {session.Store.Root}", "Run `make smoke` first, or name another folder with --results.");
            var fresh = GuardedMetric.Of(comparisons[0]);
            if (parsed.GetValue(update))
            {
                GuardedMetric.Write(file, fresh);
                session.Here.Output.WriteLine($"{file}: {fresh.Length} metrics, {fresh.Max(metric => metric.Seeds)} seeds.");
                return ExitCodes.Success;
            }

            var check = RegressionCheck.Of(GuardedMetric.Read(file), fresh);
            var table = check.Table(parsed.GetValue(all));
            if (table.Rows.Length > 0)
                TableDisplay.Write(session.Here, TextTable.Of(table));
            int same = check.Rows.Count(row => row.Verdict == Verdict.Same);
            session.Here.Output.WriteLine($"{same} of {check.Rows.Length} metrics are as {file} has them{(check.Failed ? "; something is worse" : "")}.");
            return check.Failed ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }
}
