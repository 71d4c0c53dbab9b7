using System.CommandLine;
using Bench.Cli.Options;
using Bench.Experiments.Planning;
using Bench.Experiments.Slurm;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Cli.Commands;

/// <summary><c>bench run</c>: definitions to results.</summary>
internal static class RunCommand
{
    private const int Shown = 8;

    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var only =
            new Option<string[]>("--only") { Description =
                "Of these runs alone, and of the scorers that they need: ids or beginnings of ids", HelpName = "id",
                AllowMultipleArgumentsPerToken = true };
        var force =
            new Option<bool>("--force") { Description =
                "Begin what does not fit into the memory or the disk of this machine all the same" };
        var (jobs, parts) = (JobsOption.Of(), MicroBatchOption.Of());
        var command = new Command(
            "run", "Run what definitions ask for: finished runs are skipped, interrupted ones go on; ranks of an mpirun share each run")
        {
            definitions, retry, only, jobs, parts, force,
        };
        command.SetAction(parsed =>
        {
            var campaign = new Campaign(open(parsed));
            var plan = campaign.Prepare(parsed.GetValue(definitions)!);
            return campaign.Execute(parsed.GetValue(only) is { Length: > 0 } ids ? Only(plan, ids) : plan, parsed.GetValue(retry),
                parsed.GetValue(jobs) ?? 1, parsed.GetValue(force), parsed.GetValue(parts));
        });
        return command;
    }

    /// <summary>
    /// <c>bench array-task</c>: what the scripts of <c>bench submit</c> start. Carries out a run as it was resolved then, and first the
    /// scorer that it needs, where that is in the list.
    /// </summary>
    public static Command OfArrayTask(Func<ParseResult, Session> open)
    {
        var list = new Argument<string>("list") { Description = "Resolved runs, a line of JSON each" };
        var id = new Argument<string>("id") { Description = "Which of them" };
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var parts = MicroBatchOption.Of();
        var ranks = WholeNumber.Option("--ranks", "Processes that this is one of", least: 1, most: 4096);
        var command = new Command(Submission.Command, "Carry out a run of a Slurm array") { list, id, retry, parts, ranks };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            // Tasks that do not find each other would each train the run by themselves.
            if (parsed.GetValue(ranks) is { } asked && asked != (session.Here.Ranks?.Count ?? 1))
            {
                throw new SuiteException($"srun has started {asked} ranks that have not found each other over Open MPI",
                    "See whether 'srun --mpi=list' has pmix and Open MPI was built with it, or leave 'ranks' out of the Slurm profile.");
            }

            string[] lines = InputFile.ReadText(parsed.GetValue(list)!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var plan = Plan.OfResolved(lines, session.Store, session.Here.Stop);
            return new Campaign(session).Execute(
                Only(plan, [parsed.GetValue(id)!]), parsed.GetValue(retry), microBatch: parsed.GetValue(parts));
        });
        return command;
    }

    private static Plan Only(Plan plan, string[] ids)
    {
        string[] known = [.. plan.Runs.Select(run => run.Id)];
        Problem[] problems =
        [
            .. from id in ids
               where !known.Any(run => run.StartsWith(id, StringComparison.Ordinal))
               select new Problem("--only", $"no run of these definitions has an id that begins with '{id}'", Advice(id, known)),
        ];
        return problems.Length > 0 ? throw new ProblemsException([.. problems]) : plan.Only(ids);
    }

    private static string Advice(string id, string[] known)
    {
        const string Table = "The last column of 'bench plan' shows them all.";
        return Spelling.Closest(id, known) is { } meant ? $"Did you mean '{meant}'? {Table}"
            : known.Length <= Shown ? $"Known ids: {string.Join(", ", known)}."
            : Table;
    }
}
