using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;

namespace Bench.Experiments.Scaling;

/// <summary>
/// An order as scripts in a folder of their own, <c>results/slurm/NAME-HASH</c>. The hash is over all of them: what is in the queue keeps its scripts whatever is submitted later,
/// and the same order has the same folder.
/// </summary>
public sealed class Submission
{
    /// <summary>Tasks of an array, at most: Slurm's own limit on indices is 1001 unless a cluster has set another.</summary>
    public const int MostTasks = 1000;

    /// <summary>The script that submits the others.</summary>
    public const string Submit = "submit.sh";

    /// <summary>The runs, one a line: id, then label.</summary>
    public const string RunList = "runs.txt";

    /// <summary>The same of judges.</summary>
    public const string JudgeList = "judges.txt";

    private const string JobPrefix = "bench-", JudgeSuffix = "-judges", ReportSuffix = "-report", Tasks = "array.sh", Judges = "judges.sh", Report = "report.sh", Copies = "definitions";

    private Submission(string name, string folder, IEnumerable<(string Name, string Text)> files)
    {
        Job = JobPrefix + name;
        Folder = folder;
        Files = [.. files];
    }

    /// <summary>Of the array; that of the judges has <c>-judges</c> after it, that of the report <c>-report</c>.</summary>
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

    /// <summary>Ids of the runs that the tasks of a job carry out, the first task's first; none for a job that this results folder knows nothing of.</summary>
    public static string[] RunsOfJob(string results, string job)
    {
        bool judges = job.EndsWith(JudgeSuffix, StringComparison.Ordinal);
        string name = judges ? job[..^JudgeSuffix.Length] : job;
        if (!name.StartsWith(JobPrefix, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
            return [];
        string list = Path.Combine(FolderOf(results, name[JobPrefix.Length..]), judges ? JudgeList : RunList);
        return File.Exists(list) ? [.. File.ReadLines(list).Select(line => line.Split(' ')[0])] : [];
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
        var ready = new Preparation(order, Path.Combine(folder, Copies));
        var files = new List<(string, string)>();
        if (!order.Judges.IsEmpty)
        {
            files.Add((Judges, new TaskScript(head, ready, JudgeList, job + JudgeSuffix, order.Judges.Length).Text(folder)));
            files.Add((JudgeList, List(order.Judges)));
        }

        if (!order.Runs.IsEmpty)
        {
            files.Add((Tasks, new TaskScript(head, ready, RunList, job, order.Runs.Length).Text(folder)));
            files.Add((RunList, List(order.Runs)));
        }

        files.Add((Report, ReportScript.Text(head, ready, job + ReportSuffix)));
        files.Add((Submit, SubmitScript.Text(folder, order.Judges.IsEmpty ? null : Judges, order.Runs.IsEmpty ? null : Tasks, Report)));
        files.AddRange(order.Definitions.Select(definition => ($"{Copies}/{definition.Name}", definition.Text)));
        return new(name, folder, files);
    }

    private static string List(ImmutableArray<ArrayTask> tasks) => string.Concat(tasks.Select(task => $"{task.Id} {task.Label.ReplaceLineEndings(" ")}\n"));
}
