using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Slurm;

/// <summary>
/// An order as scripts in a folder of their own, <c>results/slurm/NAME-HASH</c>. The hash is over all of them: what is in the queue keeps
/// its scripts whatever is submitted later, and the same order has the same folder.
/// </summary>
public sealed class Submission
{
    /// <summary>Tasks of an array, at most: Slurm's own limit on indices is 1001 unless a cluster has set another.</summary>
    public const int MostTasks = 1000;

    /// <summary>The script that submits the others.</summary>
    public const string Submit = "submit.sh";

    /// <summary>The runs, one a line: id, then label.</summary>
    public const string RunList = "runs.txt";

    /// <summary>The same of scorers.</summary>
    public const string ScorerList = "scorers.txt";

    /// <summary>All of them as they were planned, scorers first: a line of JSON each.</summary>
    public const string ResolvedList = "runs.jsonl";

    /// <summary>The hidden command that carries out one of them, given the list and an id.</summary>
    public const string Command = "array-task";

    private const string JobPrefix = "bench-", ScorerSuffix = "-scorers", ReportSuffix = "-report", Tasks = "array.sh",
        Scorers = "scorers.sh", Report = "report.sh", Copies = "definitions";

    private Submission(string name, string folder, IEnumerable<(string Name, string Text)> files)
    {
        Job = JobPrefix + name;
        Folder = folder;
        Files = [.. files];
    }

    /// <summary>Of the array; that of the scorers has <c>-scorers</c> after it, that of the report <c>-report</c>.</summary>
    public string Job { get; }

    /// <summary>Where the scripts go, as an absolute path.</summary>
    public string Folder { get; }

    /// <summary>What goes there: names relative to it, and texts.</summary>
    public ImmutableArray<(string Name, string Text)> Files { get; }

    /// <summary>Turns an order into scripts; writes nothing.</summary>
    public static Submission Of(Order order)
    {
        var nameless = Of(order, order.Name);
        string all = string.Join('\0', nameless.Files.Select(file => $"{file.Name}\0{file.Text}"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..8];
        return Of(order, $"{order.Name}-{hash}");
    }

    /// <summary>Where submissions lie in a results folder.</summary>
    public static string FolderOf(string results, string name = "") => Path.Combine(results, "slurm", name);

    /// <summary>
    /// Ids of the runs that the tasks of a job carry out, the first task's first; none for a job of another results folder.
    /// </summary>
    public static string[] RunsOfJob(string results, string job)
    {
        bool scorers = job.EndsWith(ScorerSuffix, StringComparison.Ordinal);
        string name = scorers ? job[..^ScorerSuffix.Length] : job;
        if (!name.StartsWith(JobPrefix, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
            return [];
        string list = Path.Combine(FolderOf(results, name[JobPrefix.Length..]), scorers ? ScorerList : RunList);
        if (!File.Exists(list))
            return [];
        string[] lines = InputFile.ReadText(list).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => line.Split(' ')[0])];
    }

    /// <summary>Writes the scripts.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full.</exception>
    public void Write()
    {
        foreach (var (name, text) in Files)
            AtomicFile.Write(Path.Combine(Folder, name), text);
    }

    private static Submission Of(Order order, string name)
    {
        string folder = FolderOf(order.Results, name), job = JobPrefix + name;
        var head = new BatchHead(order.Profile);
        var ready = new Preparation(order, Path.Combine(folder, ResolvedList));
        var files = new List<(string, string)>();
        if (!order.Scorers.IsEmpty)
        {
            files.Add((Scorers, new TaskScript(head, ready, ScorerList, job + ScorerSuffix, order.Scorers.Length).Text(folder)));
            files.Add((ScorerList, List(order.Scorers)));
        }

        if (!order.Runs.IsEmpty)
        {
            files.Add((Tasks, new TaskScript(head, ready, RunList, job, order.Runs.Length).Text(folder)));
            files.Add((RunList, List(order.Runs)));
        }

        files.Add((ResolvedList, string.Concat(order.Scorers.Concat(order.Runs).Select(task => $"{task.Resolved}\n"))));
        files.Add((Report, ReportScript.Text(head, ready, job + ReportSuffix)));
        files.Add((Submit, SubmitScript.Text(folder, order.Scorers.IsEmpty ? null : Scorers, order.Runs.IsEmpty ? null : Tasks, Report)));
        files.AddRange(order.Definitions.Select(definition => ($"{Copies}/{definition.Name}", definition.Text)));
        return new(name, folder, files);
    }

    private static string List(ImmutableArray<ArrayTask> tasks) =>
        string.Concat(tasks.Select(task => $"{task.Id} {task.Label.ReplaceLineEndings(" ")}\n"));
}

/// <summary>The script that makes the report of whatever there is when all tasks have ended, however they ended.</summary>
internal static class ReportScript
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(30);

    /// <summary>All of it.</summary>
    public static string Text(BatchHead head, Preparation ready, string job) => $"""
        #!/bin/bash
        # Makes the report when all tasks have ended, however they ended.
        {head.Single(job, Most).TrimEnd('\n')}

        {ready.Lines}

        exec {ready.Report}

        """;
}

/// <summary>
/// The script that submits the others, each after those that it needs. It says what it submitted, one line a job: what, then id.
/// </summary>
internal static class SubmitScript
{
    /// <summary>All of it.</summary>
    /// <param name="folder">Where the scripts lie.</param>
    /// <param name="scorers">Null for none.</param>
    /// <param name="runs">Null for none.</param>
    /// <param name="report">The report's.</param>
    public static string Text(string folder, string? scorers, string? runs, string report)
    {
        var text = new StringBuilder($$"""
            #!/bin/bash
            # Submits the scripts beside it; prints what they are and the ids of their jobs.
            set -Eeuo pipefail
            cd {{ShellWord.Of(folder)}}
            mkdir -p logs

            jobs=()
            trap '((${#jobs[@]} == 0)) || scancel "${jobs[@]}"' ERR # A partial submission is cancelled.
            submit() {
                local id
                id=$(sbatch --parsable "${@:2}")
                jobs+=("${id%%;*}")
                echo "$1 ${id%%;*}"
            }


            """.ReplaceLineEndings("\n"));
        if (scorers is not null)
            text.Append($"submit scorers {scorers}\n");
        if (runs is not null)
            text.Append($"submit runs {(scorers is null ? "" : "--dependency=afterok:\"${jobs[0]}\" --kill-on-invalid-dep=yes ")}{runs}\n");
        text.Append($"submit report --dependency=\"afterany$(printf ':%s' \"${{jobs[@]}}\")\" {report}\n");
        return text.ToString();
    }
}

/// <summary>The script of an array whose task i carries out run i of a list.</summary>
internal sealed class TaskScript(BatchHead head, Preparation ready, string list, string job, int tasks)
{
    /// <summary>All of it.</summary>
    /// <param name="folder">Where the list lies.</param>
    public string Text(string folder) => $$"""
        #!/bin/bash
        # Task i carries out run i of {{list}}; one that was interrupted goes on from its last checkpoint.
        # Written by 'bench submit' from
        {{ready.Origin.TrimEnd('\n')}}
        {{head.Array(job, tasks, Path.GetFileNameWithoutExtension(list)).TrimEnd('\n')}}

        {{ready.Lines}}

        read -r id label < <(sed -n "${SLURM_ARRAY_TASK_ID}p" {{ShellWord.Of(Path.Combine(folder, list))}})
        [[ -n $id ]] || exit 2
        echo "== task $SLURM_ARRAY_TASK_ID on $(hostname), start $((${SLURM_RESTART_COUNT:-0} + 1)): $id $label"

        # A minute before the time limit Slurm signals this script alone, and the job is still running. A job that is cancelled is not,
        # and the program got the signal as well: a second time would end it without a checkpoint.
        # Asked for by array and index: the last task has the array's own number as its job, and asking for that lists all tasks.
        state() { squeue --noheader --jobs="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" --format=%T 2> /dev/null; }
        limit=
        stop() {
            case $(state) in
                RUNNING | '')
                    limit=reached
                    [[ -z $task ]] || kill -{{ready.Signal}} "$task" 2> /dev/null
                    ;;
            esac
        }
        task=
        trap stop TERM

        {{ready.Run}} &
        task=$!
        [[ -z $limit ]] || kill -{{ready.Signal}} "$task"
        while kill -0 "$task" 2> /dev/null; do
            wait "$task" # A signal ends the wait, not the task.
        done
        wait "$task"
        code=$?

        # 130: it wrote a checkpoint and has more to do.
        if ((code {{ready.Unfinished}})) && [[ -n $limit && $(state) == RUNNING ]]; then
            echo "== the time is up; the task goes on in another one"
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" || echo "== Slurm does not start it again: run 'bench submit' once more"
        fi
        exit "$code"

        """;
}

/// <summary>
/// The lines of <c>#SBATCH</c>. No path is among them but those that count from the submission's folder: their quoting is not a shell's.
/// </summary>
internal sealed class BatchHead(SlurmProfile profile)
{
    /// <summary>Of an array that carries out runs.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="log">The beginning of the names of their logs.</param>
    public string Array(string job, int tasks, string log) => Lines(
    [
        $"--job-name={job}",
        string.Create(CultureInfo.InvariantCulture, $"--array=1-{tasks}{(profile.MaxParallel is { } most ? $"%{most}" : "")}"),
        $"--output=logs/{log}-%a.log",
        "--requeue",
        "--signal=B:TERM@60",
        .. Request(profile.Time, profile.Ranks),
        // Ranks may lie on several machines: what is asked for is then asked for each of them.
        .. Several(profile.Ranks > 1 ? "--gpus-per-task=" : "--gres=gpu:", profile.Gpus),
        .. Several("--cpus-per-task=", profile.Cpus),
    ]);

    /// <summary>Of a single job without GPUs.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="time">What it takes at most.</param>
    public string Single(string job, TimeSpan time) => Lines(
    [
        $"--job-name={job}",
        "--output=logs/report.log",
        .. Request(time < profile.Time ? time : profile.Time, tasks: 1),
        "--cpus-per-task=1",
    ]);

    // The user's own options come last, since the last one counts.
    private string Lines(IEnumerable<string> options) =>
        string.Concat(options.Concat(profile.Extra).Select(option => $"#SBATCH {option}\n"));

    private IEnumerable<string> Request(TimeSpan time, int tasks) =>
    [
        "--open-mode=append",
        .. tasks > 1 ? (string[])[] : ["--nodes=1"],
        string.Create(CultureInfo.InvariantCulture, $"--ntasks={tasks}"),
        $"--time={WallTime.Text(time)}",
        .. Named("--partition=", profile.Partition),
        .. Named("--account=", profile.Account),
        .. Named("--qos=", profile.Qos),
        .. Named("--mem=", profile.Memory),
    ];

    private static IEnumerable<string> Named(string option, string? value) => value is null ? [] : [option + value];

    private static IEnumerable<string> Several(string option, int count) =>
        count == 0 ? [] : [option + count.ToString(CultureInfo.InvariantCulture)];
}
