using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Bench.Cli.Work;

/// <summary>How a process is started that carries out runs, which are handed to it one by one.</summary>
/// <param name="Program">The command line that starts this program.</param>
/// <param name="Results">The results folder.</param>
/// <param name="Cache">The cache folder.</param>
/// <param name="Threads">Threads of its tensor engine.</param>
/// <param name="ScorerThreads">The same of a process for a scorer, which all others wait for.</param>
/// <param name="Retry">Whether failed runs are tried again.</param>
/// <param name="Force">Whether to begin what does not fit all the same.</param>
/// <param name="Device">Where networks are.</param>
/// <param name="MicroBatch">Sequences that a training step computes at once; null for all of the batch.</param>
internal sealed record WorkerOrders(
    ImmutableArray<string> Program, string Results, string Cache, int Threads, int ScorerThreads, bool Retry, bool Force,
    string Device = "auto", int? MicroBatch = null)
{
    /// <summary>The hidden command.</summary>
    public const string Command = "work";

    // Engines of linear algebra keep pools of their own, which do not ask the tensor engine.
    private static readonly string[] Pools = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>
    /// Threads for each of several processes on this machine. It does not depend on how many runs are left: numbers could depend on it.
    /// </summary>
    public static int ThreadsFor(int jobs) => Math.Max(1, Environment.ProcessorCount / jobs);

    /// <summary>How a process for a scorer is started.</summary>
    public WorkerOrders OfScorer => this with { Threads = ScorerThreads };

    /// <summary>This program once more, with pipes.</summary>
    public ProcessStartInfo Start()
    {
        string[] retry = Retry ? ["--retry"] : [], force = Force ? ["--force"] : [];
        string[] parts = MicroBatch is { } rows ? ["--micro-batch", rows.ToString(CultureInfo.InvariantCulture)] : [];
        string threads = Threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Program[0], [.. Program[1..], Command, .. retry, .. force, .. parts, "--device", Device, "--results", Results, "--threads",
                threads])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BENCH_CACHE"] = Cache;
        foreach (string pool in Pools)
            start.Environment[pool] = threads;
        return start;
    }
}
