using System.Collections.Immutable;
using Bench.Experiments.Format;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments.Scaling;

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

    /// <summary>Of a task, with its unit; null for what the cluster gives.</summary>
    public string? Memory { get; init; }

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
        var report = new Report(file);
        var profile = Parse(text, report);
        problems.AddRange(report.Problems);
        return report.Count == 0 ? profile : null;
    }

    private static SlurmProfile? Parse(string text, Report report)
    {
        if (TreeReader.Read(text, report) is not { } root || !ProfileKeys.Section.TryRead(root, "", report, out var values) || !values.IsComplete)
            return null;
        return new()
        {
            Partition = Optional(values, ProfileKeys.Partition),
            Time = values.Get(ProfileKeys.Time),
            Gpus = values.Get(ProfileKeys.Gpus),
            Cpus = values.Get(ProfileKeys.Cpus),
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
