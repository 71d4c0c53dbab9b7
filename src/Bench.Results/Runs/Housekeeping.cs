using System.Collections.Immutable;

namespace Bench.Results.Runs;

/// <summary>Finds and deletes what can go. What a process holds is never touched.</summary>
/// <param name="store">The results.</param>
/// <param name="keeps">Whether the last weights of a finished run are needed by others.</param>
/// <param name="skip">Notified why a folder is left as it is that is damaged, or that cannot be read or written.</param>
public sealed class Housekeeping(RunStore store, Func<RunDefinition, bool> keeps, Action<SuiteException> skip)
{
    private const string Unfinished = "left half written by a killed process";

    // Hidden files count as a user's files, and so do links, which are not followed.
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private string Runs => Path.Combine(store.Root, "runs");

    /// <summary>What can go, in the order of folders.</summary>
    public ImmutableArray<Spare> Find() => !Directory.Exists(Runs)
        ? []
        :
        [
            .. Directory.EnumerateFiles(Runs, WriteProbe.Names).Where(WriteProbe.IsLeft).Order(StringComparer.Ordinal)
            .Select(file => new Spare(null, file, Size(file), Unfinished)),
            .. Directory.EnumerateDirectories(Runs).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)
                .Where(folder => !RunFolder.IsHeld(folder)).SelectMany(folder => OrSkip(folder, () => In(folder).ToList())),
        ];

    /// <summary>Deletes what was found, except what has come into use since.</summary>
    /// <returns>What is gone.</returns>
    public ImmutableArray<Spare> Delete(IEnumerable<Spare> found) =>
        [.. found.GroupBy(spare => spare.Run).SelectMany(group => OrSkip(group.Key ?? Runs, () => Delete(group.Key, [.. group])))];

    private ImmutableArray<Spare> Delete(string? run, ImmutableArray<Spare> found)
    {
        using var held = run is null ? null : RunFolder.TryOpen(run);
        if (run is not null && held is null)
            return [];
        HashSet<string> still = [.. (run is null ? found : In(run)).Select(spare => spare.Path)];
        // Opening the folder has deleted what was half written.
        ImmutableArray<Spare> gone = [.. found.Where(spare => spare.Why == Unfinished || still.Contains(spare.Path))];
        foreach (var spare in gone)
            Remove(spare.Path);
        return gone;
    }

    private IEnumerable<Spare> OrSkip(string folder, Func<IEnumerable<Spare>> work)
    {
        try
        {
            return Storage.Guard(folder, work);
        }
        catch (SuiteException refused)
        {
            skip(refused);
            return [];
        }
    }

    private IEnumerable<Spare> In(string folder)
    {
        if (!File.Exists(RunFiles.Definition(folder)))
            return HoldsNothing(folder) ? [new(folder, folder, Size(folder), "a run that never began")] : [];
        var spare = Leftover.In(folder).Order(StringComparer.Ordinal).Select(file => new Spare(folder, file, Size(file), Unfinished));
        string checkpoints = Path.Combine(folder, "checkpoints");
        return RunFiles.Status(folder) is { State: RunState.Finished } && Directory.Exists(checkpoints)
            && !keeps(RunFiles.ReadDefinition(folder))
            ? spare.Append(new(folder, checkpoints, Size(checkpoints), "checkpoints of a finished run"))
            : spare;
    }

    // What a process that was killed before its run began leaves. A folder with anything else in it is a user's, or a damaged run.
    private static bool HoldsNothing(string folder) =>
        new DirectoryInfo(folder).LinkTarget is null && new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything)
        .ExceptBy(Leftover.In(folder), entry => entry.FullName)
        .All(
            entry => entry.LinkTarget is null
                && Path.GetRelativePath(folder, entry.FullName) is "checkpoints" or "run.lock" or "log.txt" or "budget.json");

    private static long Size(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Remove(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
        else if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}

/// <summary>What a killed process leaves half written: files of <see cref="AtomicFile"/> that never got their name.</summary>
internal static class Leftover
{
    /// <summary>How such files end.</summary>
    public const string Ending = ".tmp";

    // No run makes links, so that a link is not a leftover.
    private static readonly EnumerationOptions Plain =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Those in a folder and in all below it.</summary>
    public static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "*" + Ending, Plain);

    /// <summary>Deletes them. The folder has to be held: a process at work has such files for a moment.</summary>
    /// <exception cref="SuiteException">The folder is read-only.</exception>
    public static void Sweep(string folder) => Storage.Guard(folder, () =>
    {
        foreach (string file in In(folder).ToList())
            File.Delete(file);
    });
}
