using System.Collections.Immutable;

namespace Bench.Results;

/// <summary>The names inside a run folder, and how each is read.</summary>
internal static class RunFiles
{
    public static string Definition(string folder) => Path.Combine(folder, "definition.json");

    public static string Environment(string folder) => Path.Combine(folder, "environment.json");

    public static string Log(string folder) => Path.Combine(folder, "log.txt");

    public static string Training(string folder) => Path.Combine(folder, "training.csv");

    public static string Metrics(string folder) => Path.Combine(folder, "metrics.csv");

    public static string Generation(string folder) => Path.Combine(folder, "generation.csv");

    public static string Samples(string folder) => Path.Combine(folder, "samples");

    public static string StatusPath(string folder) => Path.Combine(folder, "status.json");

    public static RunStatus? Status(string folder) =>
        File.Exists(StatusPath(folder)) ? JsonFormat.Read<RunStatus>(StatusPath(folder)) : null;

    /// <summary>Reads a whole run folder.</summary>
    /// <exception cref="SuiteException">A file is damaged; the message names it.</exception>
    public static RunRecord Read(string folder) => new()
    {
        Id = Path.GetFileName(folder),
        Folder = Path.GetFullPath(folder),
        Definition = ReadDefinition(folder),
        Status = Status(folder) ?? new RunStatus(RunState.Running),
        Environment = File.Exists(Environment(folder)) ? JsonFormat.Read<EnvironmentRecord>(Environment(folder)) : null,
        Metrics = File.Exists(Metrics(folder)) ? [.. MetricsFile.Read(Metrics(folder), File.ReadAllText(Metrics(folder)))] : [],
        Generation = File.Exists(Generation(folder)) ? [.. GenerationFile.Read(Generation(folder), File.ReadAllText(Generation(folder)))] : [],
        Curve = File.Exists(Training(folder)) ? [.. TrainingLog.Read(Training(folder))] : [],
        Samples = ReadSamples(Samples(folder)),
    };

    /// <summary>Reads the definition of a run folder alone.</summary>
    /// <exception cref="SuiteException">It is damaged; the message names it.</exception>
    public static RunDefinition ReadDefinition(string folder)
    {
        string path = Definition(folder);
        try
        {
            return RunDefinition.Parse(File.ReadAllText(path));
        }
        catch (SuiteException broken)
        {
            throw new SuiteException($"{path}: {broken.Message}", broken.Fix, broken);
        }
    }

    private static ImmutableArray<Sample> ReadSamples(string folder) => Directory.Exists(folder)
        ?
        [
            .. Directory.EnumerateFiles(folder, "*.txt")
                .OrderBy(path => path, StringComparer.Ordinal)
                .Select(path => new Sample(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))),
        ]
        : [];
}
