using System.Collections.Immutable;

namespace Bench.Results;

/// <summary>Finds and deletes what can go. What a process holds is never touched.</summary>
/// <param name="store">The results.</param>
/// <param name="keeps">Whether the last weights of a finished run are needed by others.</param>
public sealed class Housekeeping(RunStore store, Func<RunDefinition, bool> keeps)
{
    private const string Unfinished = "left half written by a killed process";

    private string Runs => Path.Combine(store.Root, "runs");

    /// <summary>What can go, in the order of folders.</summary>
    /// <exception cref="SuiteException">A run's definition or status is damaged.</exception>
    public ImmutableArray<Spare> Find() => !Directory.Exists(Runs)
        ? []
        :
        [
            .. Directory.EnumerateFiles(Runs, WriteProbe.Names).Where(WriteProbe.IsLeft).Order(StringComparer.Ordinal).Select(file => new Spare(null, file, Size(file), Unfinished)),
            .. Directory.EnumerateDirectories(Runs).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)
                .Where(folder => !RunFolder.IsHeld(folder)).SelectMany(In),
        ];

    /// <summary>Deletes what was found, but for what somebody has begun to use since.</summary>
    /// <returns>What is gone.</returns>
    /// <exception cref="SuiteException">A folder cannot be written.</exception>
    public ImmutableArray<Spare> Delete(IEnumerable<Spare> found)
    {
        var gone = ImmutableArray.CreateBuilder<Spare>();
        foreach (var group in found.GroupBy(spare => spare.Run))
        {
            using var held = group.Key is { } folder ? RunFolder.TryOpen(folder) : null;
            if (group.Key is not null && held is null)
                continue;
            var still = group.Key is { } run ? [.. In(run).Select(spare => spare.Path)] : group.Select(spare => spare.Path).ToHashSet();
            // Opening the folder has deleted what was half written.
            gone.AddRange(group.Where(spare => spare.Why == Unfinished || still.Contains(spare.Path)));
            Storage.Guard(group.Key ?? Runs, () => still.Intersect(group.Select(spare => spare.Path)).ToList().ForEach(Remove));
        }

        return gone.ToImmutable();
    }

    private IEnumerable<Spare> In(string folder)
    {
        if (!File.Exists(RunFiles.Definition(folder)))
            return HoldsNothing(folder) ? [new(folder, folder, Size(folder), "a run that never began")] : [];
        var spare = Leftover.In(folder).Order(StringComparer.Ordinal).Select(file => new Spare(folder, file, Size(file), Unfinished));
        string checkpoints = Path.Combine(folder, "checkpoints");
        return RunFiles.Status(folder) is { State: RunState.Finished } && Directory.Exists(checkpoints) && !keeps(RunFiles.Read(folder).Definition)
            ? spare.Append(new(folder, checkpoints, Size(checkpoints), "checkpoints of a finished run"))
            : spare;
    }

    // What a process that was killed before its run began leaves. With anything else in it a folder is somebody's, or a run that is damaged.
    private static bool HoldsNothing(string folder) =>
        Directory.EnumerateDirectories(folder).All(inner => Path.GetFileName(inner) == "checkpoints")
        && Directory.EnumerateFiles(folder).Except(Leftover.In(folder)).All(file => Path.GetFileName(file) is "run.lock" or "log.txt" or "budget.json");

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
