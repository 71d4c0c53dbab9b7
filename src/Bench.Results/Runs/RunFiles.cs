using System.Collections.Immutable;
using Bench.Results.Files;

namespace Bench.Results.Runs;

/// <summary>The names inside a run folder, and how each is read.</summary>
internal static class RunFiles
{
    private const string Advice = "Restore the file, or delete the run's folder and run the experiment again.";

    public static string Definition(string folder) => Path.Combine(folder, "definition.json");

    public static string Environment(string folder) => Path.Combine(folder, "environment.json");

    public static string Log(string folder) => Path.Combine(folder, "log.txt");

    public static string Training(string folder) => Path.Combine(folder, "training.csv");

    public static string Metrics(string folder) => Path.Combine(folder, "metrics.csv");

    public static string Generation(string folder) => Path.Combine(folder, "generation.csv");

    public static string Samples(string folder) => Path.Combine(folder, "samples");

    public static string Budget(string folder) => Path.Combine(folder, "budget.json");

    public static string StatusPath(string folder) => Path.Combine(folder, "status.json");

    /// <summary>Whether a folder is one of a run that has begun: whatever is missing of it, the rest says so.</summary>
    public static bool IsRun(string folder) => File.Exists(Definition(folder)) || File.Exists(StatusPath(folder)) || HasResults(folder);

    /// <summary>The files that results are read from, as far as they are there: those whose hashes a finished run keeps.</summary>
    public static IEnumerable<string> Hashed(string folder) =>
    [
        .. ((string[])[Budget(folder), Definition(folder), Environment(folder), Training(folder)]).Where(File.Exists),
        .. Measured(folder),
    ];

    /// <summary>Deletes what a run writes when it has been trained. Files in <c>samples/</c> that no run writes stay.</summary>
    public static void DeleteMeasured(string folder)
    {
        foreach (string file in (string[])[Metrics(folder), Generation(folder), .. SampleFiles(folder)])
            File.Delete(file);
    }

    /// <summary>What <c>status.json</c> says, whatever has become of the other files; null where there is none.</summary>
    /// <exception cref="SuiteException">It is damaged; the message names it.</exception>
    public static RunStatus? Status(string folder) => File.Exists(StatusPath(folder)) ? StatusFile.Read(StatusPath(folder)) : null;

    /// <summary>The same, where it is still true: a finished run is one whose files are as it left them.</summary>
    /// <exception cref="SuiteException">A file is damaged, or a file of a finished run has changed; the message names it.</exception>
    public static RunStatus? CheckedStatus(string folder)
    {
        var status = Status(folder);
        status?.Files?.Check(folder);
        return status;
    }

    /// <summary>Reads a whole run folder.</summary>
    /// <exception cref="SuiteException">A file is damaged, or a file of a finished run has changed; the message names it.</exception>
    public static RunRecord Read(string folder)
    {
        // Looked at in this order, since a run that begins now writes its status before any result.
        bool hasResults = HasResults(folder);
        var status = CheckedStatus(folder);
        if (status is null && hasResults)
            throw new SuiteException($"{StatusPath(folder)} is missing, so it is unknown whether the run has finished.", Advice);
        return new()
        {
            Id = Path.GetFileName(folder),
            Folder = Path.GetFullPath(folder),
            Definition = ReadDefinition(folder),
            Status = status ?? new RunStatus(RunState.Running),
            Environment = File.Exists(Environment(folder)) ? JsonFormat.Read<EnvironmentRecord>(Environment(folder)) : null,
            Metrics = File.Exists(Metrics(folder)) ? [.. MetricsFile.Read(Metrics(folder), InputFile.ReadText(Metrics(folder)))] : [],
            Generation = File.Exists(Generation(folder))
                ? [.. GenerationFile.Read(Generation(folder), InputFile.ReadText(Generation(folder)))]
                : [],
            Curve = File.Exists(Training(folder)) ? [.. TrainingLog.Read(Training(folder))] : [],
            Samples = ReadSamples(folder),
        };
    }

    /// <summary>Reads the definition of a run folder alone, and compares its hash with the folder's name.</summary>
    /// <exception cref="SuiteException">It is missing, damaged, or that of another run; the message names it.</exception>
    public static RunDefinition ReadDefinition(string folder)
    {
        string path = Definition(folder);
        if (!File.Exists(path))
            throw new SuiteException($"{path} is missing, so it is unknown what the run measured.", Advice);
        RunDefinition definition;
        try
        {
            definition = RunDefinition.Parse(InputFile.ReadText(path));
        }
        catch (SuiteException broken)
        {
            throw new SuiteException($"{path}: {broken.Message}", broken.Fix, broken);
        }

        string id = RunId.Of(definition, definition.DataHash), name = Path.GetFileName(folder);
        return id == name
            ? definition
            : throw new SuiteException(
                $"{path}: this is the definition of the run {id}, but its folder is that of the run {name}.",
                $"Rename the folder to {id} if it was renamed. {Advice}");
    }

    // A run that has begun to train has its status.
    private static bool HasResults(string folder) => File.Exists(Training(folder)) || Measured(folder).Any();

    private static IEnumerable<string> Measured(string folder) =>
    [
        .. ((string[])[Metrics(folder), Generation(folder)]).Where(File.Exists),
        .. Directory.Exists(Samples(folder)) ? Directory.EnumerateFiles(Samples(folder), "*", SearchOption.AllDirectories) : [],
    ];

    private static string[] SampleFiles(string folder) =>
        Directory.Exists(Samples(folder)) ? [.. Directory.EnumerateFiles(Samples(folder), "*.txt").Order(StringComparer.Ordinal)] : [];

    private static ImmutableArray<Sample> ReadSamples(string folder) =>
        [.. SampleFiles(folder).Select(path => new Sample(Path.GetFileNameWithoutExtension(path), InputFile.ReadText(path)))];
}
