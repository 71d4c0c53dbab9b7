using System.CommandLine;
using Bench.Cli.Display;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary><c>bench runs</c>: every run under the results folder.</summary>
internal static class RunsCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var experiment = new Option<string?>("--experiment") { Description = "Of this experiment alone", HelpName = "name" };
        var failed = new Option<bool>("--failed") { Description = "Failed runs alone, each with its reason" };
        var command = new Command("runs", "List the runs of the results folder and where each of them stands") { experiment, failed };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            var runs = session.Store.ReadAll();
            if (parsed.GetValue(experiment) is { } name)
            {
                string[] known = [.. runs.Select(run => run.Experiment).Distinct()];
                if (known.Length > 0 && !known.Contains(name))
                    throw new ProblemsException(
                        new Problem("--experiment", $"there is no run of an experiment '{name}'",
                            Spelling.Advice(name, known, "experiments")));
                runs = [.. runs.Where(run => run.Experiment == name)];
            }

            if (parsed.GetValue(failed))
                runs = [.. runs.Where(run => run.Status.State == RunState.Failed)];
            if (runs.IsEmpty)
                TableDisplay.Line(session.Here,
                    parsed.GetValue(failed)
                        ? "No run has failed."
                        : $"There is no run under {session.Store.Root} yet: 'bench run' makes them.");
            else
                TableDisplay.Write(session.Here, RunTable.Of(runs, parsed.GetValue(failed)));
            return ExitCodes.Success;
        });
        return command;
    }
}
