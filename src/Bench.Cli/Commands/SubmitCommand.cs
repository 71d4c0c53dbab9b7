using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Cli.Commands.Ranks;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Experiments.Slurm;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary><c>bench submit</c>: what is left to do, as jobs of a cluster.</summary>
internal static partial class SubmitCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var slurm =
            new Option<string>("--slurm") { Description =
                "Slurm profile: partition, time and what else a task asks for; experiments/slurm.yml is an example", HelpName = "file",
                Required = true };
        var dry = new Option<bool>("--dry-run") { Description = "Write the scripts and show them; submit nothing" };
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var parts = MicroBatchOption.Of();
        var folders = new ReportFolders();
        var command =
            new Command("submit", "Run what is left to do on a Slurm cluster, one task a run, and make the report when all have ended")
        {
            definitions, slurm, dry, retry, parts, folders.Output,
        };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            var problems = new List<Problem>();
            var profile = SlurmProfile.Read(parsed.GetValue(slurm)!, problems);
            var reading = DefinitionReader.Load(parsed.GetValue(definitions)!, session.Here.Stop);
            problems.AddRange(reading.Problems);
            if (problems.Count > 0)
                throw new ProblemsException([.. problems]);
            return Submit(session, profile!, reading, Path.GetFullPath(parsed.GetValue(folders.Output)!), parsed.GetValue(retry),
                parsed.GetValue(parts), parsed.GetValue(dry));
        });
        return command;
    }

    private static int Submit(Session session, SlurmProfile profile, Reading reading, string report, bool retry, int? microBatch,
        bool dry)
    {
        var environment = session.Here;
        var plan = Plan.Of(reading.Runs, session.Library, session.Store, environment.Stop);
        var programs = new SlurmPrograms(environment.ClusterPrograms);
        var queued = programs.Queued(session.Store.Root);
        PlannedRun[] due = [.. plan.Runs.Where(run => run.IsDue(retry))];
        PlannedRun[] ahead = [.. due.Where(run => !queued.Contains(run.Id))];
        if (profile.Ranks > 1 && RankLimits.Of(plan, profile.Ranks, retry) is { IsEmpty: false } problems)
            throw new ProblemsException(problems);
        CheckMemory(environment, plan.InMicroBatches(microBatch), profile);
        environment.Output.WriteLine(Summary(plan, due.Length - ahead.Length, ahead.Length));
        if (ahead.Length == 0)
            return ExitCodes.Success;

        HashSet<string> scorers = [.. plan.Runs.Select(run => run.Scorer).OfType<string>()];
        PlannedRun[] others = [.. ahead.Where(run => !scorers.Contains(run.Id))], first = [.. others.Take(Submission.MostTasks)];

        // A scorer that is at work already gets a second job where new runs need it: they wait for that job, and it waits for the scorer.
        var before = due.Where(run => scorers.Contains(run.Id) && (!queued.Contains(run.Id) || first.Any(other => other.Scorer == run.Id)));
        var submission = Submission.Of(new()
        {
            Name = plan.Runs.First(run => !scorers.Contains(run.Id)).Spec.Experiment,
            Profile = profile,
            Definitions = FrozenDefinition.Of(reading.Texts),
            Scorers = [.. before.Select(Task)],
            Runs = [.. first.Select(Task)],
            Program = environment.Program,
            Place = Directory.GetCurrentDirectory(),
            Results = session.Store.Root,
            Report = report,
            Cache = Path.GetFullPath(session.Library.Folder),
            Retry = retry,
            Options = Options(session.Device, microBatch),
        });
        submission.Write();
        if (dry)
        {
            foreach (var (name, text) in submission.Files)
                environment.Output.WriteLine($"\n== {name}\n{text}");
        }

        environment.Output.WriteLine($"Scripts: {submission.Folder}");
        if (others.Length > Submission.MostTasks)
            environment.Output.WriteLine(
                $"An array holds {Submission.MostTasks} tasks; the same command once more submits the next of {others.Length}.");
        string byHand = $"bash '{Path.Combine(submission.Folder, Submission.Submit)}'";
        if (dry)
        {
            environment.Output.WriteLine($"Nothing was submitted. To do it: {byHand}");
            return ExitCodes.Success;
        }

        if (!programs.CanSubmit)
            throw new SuiteException($"there is no sbatch on the path, so nothing was submitted; the scripts are in {submission.Folder}",
                $"On a machine of the cluster that shares this folder run: {byHand}");
        Report(environment, submission, programs.Submit(submission), session.Store.Root, report);
        return ExitCodes.Success;
    }

    // Slurm's memory is that of each machine, and which of them share ranks it decides.
    private static void CheckMemory(CliEnvironment environment, Plan plan, SlurmProfile profile)
    {
        if (profile is not { Ranks: > 1, Gpus: 0, MemoryBytes: { } memory })
            return;
        var machine = new MachineLimits((long)memory, FreeDisk: long.MaxValue);
        if (plan.OnRanks(RankPlan.On(profile.Ranks, profile.Ranks)).Misfits(machine) is { IsEmpty: false } problems)
            throw new ProblemsException(problems);
        if (plan.OnRanks(RankPlan.On(profile.Ranks, 1)).Misfits(machine) is [var together, ..])
            environment.Error.WriteLine($"Where Slurm puts all {profile.Ranks} ranks on one machine, whose memory is {profile.Memory}, "
                + $"they do not fit: {together.Where}: {together.What}. Raise memory, or add --ntasks-per-node to extra.");
    }

    private static void Report(CliEnvironment environment, Submission submission, ImmutableArray<(string What, string Job)> jobs,
        string results, string report)
    {
        string ids = string.Join(',', jobs.Select(job => job.Job));
        environment.Output.WriteLine($"Submitted: {string.Join(", ", jobs.Select(job => $"{job.What} {job.Job}"))}");
        environment.Output.WriteLine($"Watch:     squeue --jobs={ids}    tail -f {submission.Folder}/logs/*.log");
        environment.Output.WriteLine($"Cancel:    scancel {ids.Replace(',', ' ')}");
        environment.Output.WriteLine($"Results:   {Path.Combine(results, "runs")}");
        environment.Output.WriteLine($"Report:    {Path.Combine(report, "index.html")}");
    }

    private static string Summary(Plan plan, int queued, int ahead)
    {
        string waiting = queued == 0 ? "" : $", {queued} in the queue";
        string rest = ahead == 0 ? "nothing is left to submit" : $"{ahead} to submit";
        return $"{plan.Runs.Length} {(plan.Runs.Length == 1 ? "run" : "runs")}, {plan.Runs.Count(run => run.State == RunState.Finished)} "
            + $"finished{waiting}, {rest}.";
    }

    // What is auto there is not decided here.
    private static ImmutableArray<string> Options(DeviceChoice device, int? microBatch) =>
    [
        .. device == DeviceChoice.Auto ? [] : new[] { $"--device {device}" },
        .. microBatch is { } rows ? new[] { string.Create(CultureInfo.InvariantCulture, $"{MicroBatchOption.Name} {rows}") } : [],
    ];

    private static ArrayTask Task(PlannedRun run) => new(run.Id, Controls().Replace(RunLabel.Of(run), " "), run.ToJson());

    [GeneratedRegex(@"\p{Cc}+")]
    private static partial Regex Controls();
}
