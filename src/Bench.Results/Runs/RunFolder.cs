using System.Globalization;
using System.Text;
using Bench.Results.Files;

namespace Bench.Results.Runs;

/// <summary>
/// A run folder, held for writing by this process alone until it is disposed. Every file but the training log is
/// replaced as a whole, so a killed run leaves nothing half written.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly RunLock held;

    private RunFolder(string folder, RunLock held)
    {
        Folder = folder;
        this.held = held;
        try
        {
            Leftover.Sweep(folder);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Folder { get; }

    /// <summary>Where checkpoints go. Reports do not read it.</summary>
    public string Checkpoints => Storage.Guard(Folder, () => Directory.CreateDirectory(Path.Combine(Folder, "checkpoints")).FullName);

    /// <summary>What <c>status.json</c> says; null for a run that never began.</summary>
    /// <exception cref="SuiteException">The file is damaged, or a file of a finished run is not as the run left it.</exception>
    public RunStatus? Status => RunFiles.CheckedStatus(Folder);

    /// <summary>Creates the folder when it is new, holds it, and deletes what a killed process left half written.</summary>
    /// <exception cref="SuiteException">Another process holds it, or the disk is read-only or full.</exception>
    public static RunFolder Open(string folder)
    {
        string full = Path.GetFullPath(folder);
        return new RunFolder(full, RunLock.Take(full));
    }

    /// <summary>The same; null where another process holds it.</summary>
    /// <exception cref="SuiteException">The disk is read-only or full.</exception>
    public static RunFolder? TryOpen(string folder)
    {
        string full = Path.GetFullPath(folder);
        return RunLock.TryTake(full) is { } held ? new RunFolder(full, held) : null;
    }

    /// <summary>Records what is about to run and where; the state becomes running.</summary>
    /// <remarks>Numbers and texts of an earlier start are deleted: they would count as this one's.</remarks>
    public void Begin(RunDefinition definition, EnvironmentRecord environment)
    {
        double seconds = Status?.Seconds ?? 0;
        Storage.Guard(Folder, () => RunFiles.DeleteMeasured(Folder));
        AtomicFile.Write(RunFiles.Definition(Folder), definition.ToString());
        AtomicFile.Write(RunFiles.Environment(Folder), JsonFormat.Text(environment));
        Write(new RunStatus(RunState.Running, Seconds: seconds));
    }

    /// <summary>Whether a process holds the folder now. Nothing is written.</summary>
    public static bool IsHeld(string folder) => RunLock.IsHeld(Path.GetFullPath(folder));

    /// <summary>Opens <c>log.txt</c>, to be added to.</summary>
    /// <param name="clock">The source of the times.</param>
    public RunLog Log(TimeProvider clock) => new(RunFiles.Log(Folder), clock);

    /// <summary>Opens <c>training.csv</c> for a run that goes on after <paramref name="resumedStep"/> updates; 0 starts it anew.</summary>
    public TrainingLog Training(long resumedStep = 0) => TrainingLog.Resume(RunFiles.Training(Folder), resumedStep);

    /// <summary>Replaces <c>metrics.csv</c>, in the order given.</summary>
    public void Write(IEnumerable<Metric> metrics) => AtomicFile.Write(RunFiles.Metrics(Folder), MetricsFile.Text(metrics));

    /// <summary>Replaces <c>generation.csv</c>, in the order given.</summary>
    public void WriteGeneration(IEnumerable<GenerationMetric> metrics) =>
        AtomicFile.Write(RunFiles.Generation(Folder), GenerationFile.Text(metrics));

    /// <summary>Writes one generated text.</summary>
    /// <exception cref="ArgumentException">The name is not a plain file name.</exception>
    public void Write(Sample sample)
    {
        if (sample.Name.Length == 0 || sample.Name.StartsWith('.')
            || !sample.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ArgumentException($"'{sample.Name}' cannot name a sample: letters, digits, '-', '_' and '.' can", nameof(sample));
        AtomicFile.Write(Path.Combine(RunFiles.Samples(Folder), sample.Name + ".txt"), sample.Text);
    }

    /// <summary>Replaces <c>status.json</c>.</summary>
    public void Write(RunStatus status) => AtomicFile.Write(RunFiles.StatusPath(Folder), StatusFile.Text(status));

    /// <summary>The last thing a run does: from now on its files are what their hashes in <c>status.json</c> say, or an error.</summary>
    /// <param name="seconds">Time spent over all restarts.</param>
    public void Finish(double seconds) => Write(new RunStatus(RunState.Finished, Seconds: seconds) { Files = FileHashes.Of(Folder) });

    /// <summary>Records the failure of a run that may have failed before it began to write.</summary>
    public void Fail(RunDefinition definition, string reason, double seconds)
    {
        if (!File.Exists(RunFiles.Definition(Folder)))
            AtomicFile.Write(RunFiles.Definition(Folder), definition.ToString());
        Fail(reason, seconds);
    }

    /// <summary>Records a failure as the result that it is.</summary>
    public void Fail(string reason, double seconds) => Write(new RunStatus(RunState.Failed, reason.ReplaceLineEndings(" "), seconds));

    public void Dispose() => held.Dispose();
}

/// <summary>
/// <c>log.txt</c>: what happened to a run and when, over all its restarts. For people; nothing reads it and nothing is compared with it.
/// </summary>
public sealed class RunLog : IDisposable
{
    private readonly TimeProvider clock;
    private readonly FileStream file;

    internal RunLog(string path, TimeProvider clock)
    {
        this.clock = clock;
        InputFile.Require(path); // opening a FIFO would wait for a reader
        file = Storage.Guard(path, () => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
    }

    /// <summary>
    /// Adds a line behind the time (UTC), or several, and hands them to the system at once. Where they cannot be kept they are lost: no run
    /// ends for its log.
    /// </summary>
    public void Add(string text)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            file.Write(Encoding.UTF8.GetBytes($"{time} {text.ReplaceLineEndings("\n    ").TrimEnd()}\n"));
            file.Flush();
        }
        catch (IOException)
        {
            // A full disk is reported where results are written.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
