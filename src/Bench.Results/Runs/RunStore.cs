using System.Collections.Immutable;

namespace Bench.Results.Runs;

/// <summary>All runs under one results folder: <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</summary>
/// <param name="root">The results folder.</param>
public sealed class RunStore(string root)
{
    /// <summary>The results folder, as an absolute path.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Makes sure that results can be kept, and deletes what a killed process left of an earlier look.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full.</exception>
    public void Probe() => WriteProbe.In(Path.Combine(Root, "runs"));

    /// <summary>Where the run of this definition lies, or will lie.</summary>
    public string FolderOf(RunDefinition definition) =>
        Path.Combine(Root, "runs", definition.Experiment, RunId.Of(definition, definition.DataHash));

    /// <summary>Holds the run of this definition for writing.</summary>
    /// <exception cref="SuiteException">Another process holds it, or the disk is read-only or full.</exception>
    public RunFolder Open(RunDefinition definition) => RunFolder.Open(FolderOf(definition));

    /// <summary>Where the run of this definition stands; null when it never began.</summary>
    /// <exception cref="SuiteException">Its <c>status.json</c> is damaged, or a file has changed since it finished.</exception>
    public RunStatus? StatusOf(RunDefinition definition) => RunFiles.CheckedStatus(FolderOf(definition));

    /// <summary>The same of the run in a folder, wherever that lies.</summary>
    /// <inheritdoc cref="StatusOf"/>
    public static RunStatus? StatusAt(string folder) => RunFiles.CheckedStatus(folder);

    /// <summary>Reads one run.</summary>
    /// <exception cref="SuiteException">There is no such run, or a file of it is damaged.</exception>
    public RunRecord Read(string experiment, string id)
    {
        string folder = Path.Combine(Root, "runs", experiment, id);
        return RunFiles.IsRun(folder)
            ? RunFiles.Read(folder)
            : throw new SuiteException($"There is no run {experiment}/{id} under {Root}.", "Run `bench run` on its experiment first.");
    }

    /// <summary>Reads the run in a folder, wherever that lies.</summary>
    /// <returns>Null where the folder is none of a run.</returns>
    /// <exception cref="SuiteException">A file is damaged.</exception>
    public static RunRecord? ReadAt(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return RunFiles.IsRun(full) ? RunFiles.Read(full) : null;
    }

    /// <summary>Reads the definition of the run in a folder, wherever that lies.</summary>
    /// <returns>Null where the folder is none of a run.</returns>
    /// <exception cref="SuiteException">It is missing, damaged, or that of another run than the folder's name says.</exception>
    public static RunDefinition? DefinitionAt(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return RunFiles.IsRun(full) ? RunFiles.ReadDefinition(full) : null;
    }

    /// <summary>Reads every run, by experiment and then id, so that the order never depends on the file system.</summary>
    /// <exception cref="SuiteException">A file is damaged; nothing is skipped silently.</exception>
    public ImmutableArray<RunRecord> ReadAll()
    {
        string runs = Path.Combine(Root, "runs");
        if (!Directory.Exists(runs))
            return [];
        return
        [
            .. Directory.EnumerateDirectories(runs)
                .SelectMany(Directory.EnumerateDirectories)
                .Where(RunFiles.IsRun)
                .OrderBy(folder => folder, StringComparer.Ordinal)
                .Select(RunFiles.Read)
                .Select(InItsPlace),
        ];
    }

    // A copy of a run under another experiment's name would count as one more run of its own.
    private static RunRecord InItsPlace(RunRecord run)
    {
        string place = Path.GetFileName(Path.GetDirectoryName(run.Folder))!;
        return place == run.Experiment
            ? run
            : throw new SuiteException(
                $"{run.Folder}: this is a run of the experiment {run.Experiment}, but it lies in the folder of {place}.",
                $"Move it to {run.Experiment}/{run.Id}, or delete the run's folder if it is a copy.");
    }
}
