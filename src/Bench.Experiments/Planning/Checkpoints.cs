using System.Globalization;
using Bench.Results;

namespace Bench.Experiments.Planning;

/// <summary>The checkpoints of a run: <c>checkpoints/step-000200.ckpt</c>, the last two of them.</summary>
/// <param name="folder">The run's folder.</param>
internal sealed class Checkpoints(string folder)
{
    /// <summary>One to go on from, and the one before it in case the disk damages that.</summary>
    public const int Kept = 2;

    private const string Prefix = "step-";
    private const string Suffix = ".ckpt";

    /// <summary>The newest one, or null.</summary>
    public string? Newest => Found(folder).Select(checkpoint => checkpoint.Path).FirstOrDefault();

    /// <summary>The step of the newest checkpoint of a run, or null.</summary>
    public static long? NewestStep(string folder) => Found(folder).Select(checkpoint => (long?)checkpoint.Step).FirstOrDefault();

    /// <summary>Where the checkpoint of a step belongs.</summary>
    public string At(long step) => Path.Combine(In(folder), NameOf(step));

    /// <summary>The step that a checkpoint holds, which must be the one in its name: the newest is found by name.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="step">The step in it.</param>
    /// <exception cref="SuiteException">The name has another step.</exception>
    public static long Checked(string path, long step) => StepOf(path) == step
        ? step
        : throw new SuiteException(
            $"checkpoint {path} holds step {step} under the name of another",
            $"Rename it to {NameOf(step)}, or delete it: training goes on from the checkpoint before it, or from the start.");

    /// <summary>Makes the folder. What a killed process left half written is gone since the run was opened.</summary>
    /// <exception cref="SuiteException">The folder cannot be written.</exception>
    public void Open() => Guard(() => Directory.CreateDirectory(In(folder)));

    /// <summary>Bytes that the checkpoints of a run take now.</summary>
    public static long Bytes(string folder) => Found(folder).Sum(checkpoint => new FileInfo(checkpoint.Path).Length);

    /// <summary>Deletes all but the newest.</summary>
    /// <param name="kept">How many to keep.</param>
    public void Prune(int kept = Kept) => Delete(Found(folder).Skip(kept).Select(checkpoint => checkpoint.Path));

    // Newest first. The step is read as a number: a seventh digit would upset the order of names.
    private static IEnumerable<(long Step, string Path)> Found(string folder) => !Directory.Exists(In(folder))
        ? []
        : Directory.EnumerateFiles(In(folder), $"{Prefix}*{Suffix}")
            .Select(path => (Step: StepOf(path), Path: path))
            .Where(checkpoint => checkpoint.Step >= 0)
            .OrderByDescending(checkpoint => checkpoint.Step);

    private static long StepOf(string path) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(path.AsSpan())[Prefix.Length..],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long step)
            ? step
            : -1;

    private static string NameOf(long step) => $"{Prefix}{step:000000}{Suffix}";

    private static string In(string folder) => Path.Combine(folder, "checkpoints");

    private static void Delete(IEnumerable<string> files)
    {
        foreach (string file in files.ToList())
            Guard(() => File.Delete(file));
    }

    private static void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(
                $"the checkpoints cannot be kept: {refused.Message}",
                "Make room or make the folder writable, then run the same command again.",
                refused);
        }
    }
}
