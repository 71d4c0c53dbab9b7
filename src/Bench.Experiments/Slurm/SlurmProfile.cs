using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Slurm;

/// <summary>What a task asks of a Slurm cluster, and what makes a machine of it ready: a small YAML file.</summary>
public sealed record SlurmProfile
{
    /// <summary>Null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>Limit of a task.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Of a task.</summary>
    public required int Gpus { get; init; }

    /// <summary>Cores of a task.</summary>
    public required int Cpus { get; init; }

    /// <summary>Processes of a task, which train its run together; 1 for no MPI.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Of a task, with its unit; null for what the cluster gives.</summary>
    public string? Memory { get; init; }

    /// <summary>The same in bytes.</summary>
    public double? MemoryBytes => Memory is { } amount
        ? double.Parse(amount.AsSpan(0, amount.Length - 1), CultureInfo.InvariantCulture)
            * Math.Pow(1024, amount[^1] switch { 'M' => 2, 'G' => 3, _ => 4 })
        : null;

    public string? Account { get; init; }

    public string? Qos { get; init; }

    /// <summary>Tasks at the same time; null for no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Modules to load.</summary>
    public required ImmutableArray<string> Modules { get; init; }

    /// <summary>Lines of bash.</summary>
    public required ImmutableArray<string> Setup { get; init; }

    /// <summary>Options of sbatch.</summary>
    public required ImmutableArray<string> Extra { get; init; }

    /// <summary>Reads a profile; null where it is wrong, and the list says in what.</summary>
    public static SlurmProfile? Read(string file, List<Problem> problems)
    {
        if (Directory.Exists(file))
        {
            problems.Add(new(file, "a Slurm profile is a file, and this is a folder", "Name a file such as experiments/slurm.yml."));
            return null;
        }

        if (DefinitionFiles.Find(file, problems) is not [var found] || DefinitionFiles.Read(found, problems) is not { } text)
            return null;
        var report = new Diagnostics(file);
        var profile = Parse(text, report);
        problems.AddRange(report.Problems);
        return report.Count == 0 ? profile : null;
    }

    private static SlurmProfile? Parse(string text, Diagnostics report)
    {
        if (TreeReader.Read(text, report) is not { } root
            || !ProfileKeys.Section.TryRead(root, "", report, out var values)
            || !values.IsComplete)
            return null;
        return new()
        {
            Partition = Optional(values, ProfileKeys.Partition),
            Time = values.Get(ProfileKeys.Time),
            Gpus = values.Get(ProfileKeys.Gpus),
            Cpus = values.Get(ProfileKeys.Cpus),
            Ranks = values.Get(ProfileKeys.Ranks),
            Memory = Optional(values, ProfileKeys.Memory),
            Account = Optional(values, ProfileKeys.Account),
            Qos = Optional(values, ProfileKeys.Qos),
            MaxParallel = values.Has(ProfileKeys.MaxParallel) ? values.Get(ProfileKeys.MaxParallel) : null,
            Modules = values.Get(ProfileKeys.Modules),
            Setup = values.Get(ProfileKeys.Setup),
            Extra = values.Get(ProfileKeys.Extra),
        };
    }

    private static string? Optional(Values values, Key<string> key) => values.Has(key) ? values.Get(key) : null;
}

/// <summary>The keys of a Slurm profile: what a task asks of the cluster, and what makes a machine of it ready.</summary>
internal static partial class ProfileKeys
{
    public static readonly Key<string> Partition = new(
        "partition",
        new Words("the name of a partition; 'sinfo' lists them", Name()),
        "Where tasks run; by default the cluster's own default.");

    public static readonly Key<TimeSpan> Time = new(
        "time", new WallTime(), "Limit of a task, which goes on in another task where it was when that is not enough.", IsRequired: true);

    public static readonly Key<int> Gpus = new(
        "gpus", new Number<int>(new(0, 64), "it counts the GPUs of a task", "Use 1, or 0 for processors alone."), "GPUs of a task.", "0");

    public static readonly Key<int> Cpus = new(
        "cpus",
        new Number<int>(new(1, 1024), "it counts the cores of a task", "Use 4."),
        "Cores of a task, and threads of its tensor engine.",
        "4");

    public static readonly Key<string> Memory = new(
        "memory",
        new Words("an amount with its unit, such as 16G or 800M", Amount()),
        "Memory of a task; by default what the cluster gives.");

    public static readonly Key<string> Account = new(
        "account", new Words("the name of an account; 'sacctmgr show associations' lists them", Name()), "The account that is charged.");

    public static readonly Key<string> Qos =
        new("qos", new Words("the name of a quality of service", Name()), "The quality of service, which sets priority and limits.");

    public static readonly Key<int> Ranks = new(
        "ranks",
        new Number<int>(
            new(1, 4096), "it counts the processes that train a run together", "Use 4, or 1 for runs that have one process."),
        "Processes of a task, which share each batch over Open MPI; gpus and cpus are then those of each of them.",
        "1");

    public static readonly Key<int> MaxParallel = new(
        "max-parallel",
        new Number<int>(
            new(1, 100_000), "it counts the tasks that run at the same time", "Use 8, or leave it out for as many as the cluster grants."),
        "Tasks at the same time, at most.");

    public static readonly Key<ImmutableArray<string>> Modules = new(
        "modules",
        new ListOf<string>(new Words("the name of a module such as cuda/12.1; 'module avail' lists them", Module()), least: 0),
        "Modules to load before the work.",
        "[]");

    public static readonly Key<ImmutableArray<string>> Setup = new(
        "setup",
        new ListOf<string>(new Words("a line of bash", Line()), least: 0),
        "What else makes the machine ready; a line that fails ends the task.",
        "[]");

    public static readonly Key<ImmutableArray<string>> Extra = new(
        "extra", new ListOf<string>(new BatchOption(), least: 0), "Options of sbatch that have no key here.", "[]");

    public static Section Section { get; } = new(
        Partition, Time, Gpus, Cpus, Ranks, Memory, Account, Qos, MaxParallel, Modules, Setup, Extra);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.,@-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[1-9][0-9]{0,6}[MGT]\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.+/-]*\z")]
    private static partial Regex Module();

    [GeneratedRegex(@"\A[^\p{Cc}]+\z")]
    private static partial Regex Line();
}

/// <summary>An option of sbatch that has no key; those that the scripts depend on are not for the user to set.</summary>
internal sealed partial class BatchOption : Kind<string>
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--partition"] = "partition", ["-p"] = "partition",
        ["--time"] = "time", ["-t"] = "time",
        ["--gpus"] = "gpus", ["-G"] = "gpus",
        ["--cpus-per-task"] = "cpus", ["-c"] = "cpus",
        ["--ntasks"] = "ranks", ["-n"] = "ranks",
        ["--mem"] = "memory",
        ["--account"] = "account", ["-A"] = "account",
        ["--qos"] = "qos", ["-q"] = "qos",
    };

    private static readonly string[] Ours =
    [
        "--array",
        "-a",
        "--chdir",
        "-D",
        "--dependency",
        "-d",
        "--error",
        "-e",
        "--input",
        "-i",
        "--job-name",
        "-J",
        "--no-requeue",
        "--nodes",
        "-N",
        "--open-mode", "--output", "-o", "--parsable", "--requeue", "--wait", "-W", "--wrap", "--export", "--export-file",
    ];

    /// <inheritdoc/>
    public override string Expected => "an option of sbatch such as --constraint=a100";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Form().ToString() };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar scalar || Form().Match(scalar.Text) is not { Success: true } read)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        string name = read.Groups["name"].Value;
        if (Keys.TryGetValue(name, out string? key))
            report.Add(node, $"{path} has {name}, which has a key of its own", $"Write the key '{key}' instead.");
        else if (Ours.Contains(name))
            report.Add(node, $"{path} has {name}, which the scripts set themselves", "Remove it.");
        else
            return true;
        return false;
    }

    // One option on one line; a # would begin a comment in a line of #SBATCH.
    [GeneratedRegex(@"\A(?<name>--[a-z][a-z0-9-]*|-[A-Za-z])([= ][^#\p{Cc}]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

/// <summary>A time limit as Slurm writes it, days where there are any: <c>04:00:00</c> or <c>2-00:00:00</c>.</summary>
internal sealed partial class WallTime : Kind<TimeSpan>
{
    // A task is signalled to write its checkpoint a minute before the end, and Slurm may send the signal another minute early.
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5), Most = TimeSpan.FromDays(365);

    /// <inheritdoc/>
    public override string Expected => "a time such as 04:00:00, or 2-00:00:00 for two days";

    /// <summary>As Slurm writes it.</summary>
    public static string Text(TimeSpan time) =>
        time.ToString(time.Days > 0 ? @"d\-hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Form().ToString() };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out TimeSpan value)
    {
        value = default;
        if (node is not Scalar scalar || Form().Match(scalar.Text) is not { Success: true } read)
            return Refuse(node, path, report, out value);
        value = new(Number(read, "days"), Number(read, "hours"), Number(read, "minutes"), Number(read, "seconds"));
        if (value >= Least && value <= Most)
            return true;
        report.Add(
            node,
            $"{path} is {scalar.Text}, but a task needs time for its checkpoint and its limit lies in [{Text(Least)}, {Text(Most)}]",
            "Write for example 04:00:00; a task that needs longer goes on in another such time.");
        return false;
    }

    private static int Number(Match read, string part) =>
        read.Groups[part].Success ? int.Parse(read.Groups[part].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"\A((?<days>[0-9]{1,3})-)?(?<hours>[0-9]{2,3}):(?<minutes>[0-5][0-9]):(?<seconds>[0-5][0-9])\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
