using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bench.Experiments.Keys;

namespace Bench.Experiments.Scaling;

/// <summary>The keys of a Slurm profile: what a task asks of the cluster, and what makes a machine of it ready.</summary>
internal static partial class ProfileKeys
{
    public static readonly Key<string> Partition = new("partition", new Words("the name of a partition; 'sinfo' lists them", Name()), "Where tasks run; by default the cluster's own default.");

    public static readonly Key<TimeSpan> Time = new(
        "time", new WallTime(), "Limit of a task, which goes on in another task where it was when that is not enough.", IsRequired: true);

    public static readonly Key<int> Gpus = new("gpus", new Number<int>(new(0, 64), "it counts the GPUs of a task", "Use 1, or 0 for processors alone."), "GPUs of a task.", "0");

    public static readonly Key<int> Cpus = new("cpus", new Number<int>(new(1, 1024), "it counts the cores of a task", "Use 4."), "Cores of a task, and threads of its tensor engine.", "4");

    public static readonly Key<string> Memory = new("memory", new Words("an amount with its unit, such as 16G or 800M", Amount()), "Memory of a task; by default what the cluster gives.");

    public static readonly Key<string> Account = new("account", new Words("the name of an account; 'sacctmgr show associations' lists them", Name()), "Who pays.");

    public static readonly Key<string> Qos = new("qos", new Words("the name of a quality of service", Name()), "How urgent it is.");

    public static readonly Key<int> MaxParallel = new(
        "max-parallel", new Number<int>(new(1, 100_000), "it counts the tasks that run at the same time", "Use 8, or leave it out for as many as the cluster grants."), "Tasks at the same time, at most.");

    public static readonly Key<ImmutableArray<string>> Modules = new(
        "modules", new ListOf<string>(new Words("the name of a module such as cuda/12.1; 'module avail' lists them", Module()), least: 0), "Modules to load before the work.", "[]");

    public static readonly Key<ImmutableArray<string>> Setup = new(
        "setup", new ListOf<string>(new Words("a line of bash", Line()), least: 0), "What else makes the machine ready; a line that fails ends the task.", "[]");

    public static readonly Key<ImmutableArray<string>> Extra = new("extra", new ListOf<string>(new BatchOption(), least: 0), "Options of sbatch that have no key here.", "[]");

    public static Section Section { get; } = new(Partition, Time, Gpus, Cpus, Memory, Account, Qos, MaxParallel, Modules, Setup, Extra);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.,@-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[1-9][0-9]{0,6}[MGT]\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.+/-]*\z")]
    private static partial Regex Module();

    [GeneratedRegex(@"\A[^\p{Cc}]+\z")]
    private static partial Regex Line();
}
