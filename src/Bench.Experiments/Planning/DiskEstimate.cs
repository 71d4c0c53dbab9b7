using Bench.Methods;

namespace Bench.Experiments.Planning;

/// <summary>Bytes that a run takes on disk: its checkpoints, and the files that results are.</summary>
internal static class DiskEstimate
{
    private const double FastestStep = 0.01;         // seconds; steps of a time that are logged, at the most
    private const double Single = 4, Copies = 4;     // a checkpoint: weights, two moments, moving average, in float32
    private const int WhileTraining = 3;             // two are kept, and a third is written before the older one goes
    private const double LogRow = 130, MetricRows = 20_000, SettingRows = 12_000, Token = 4; // what these files have been

    /// <summary>While it runs.</summary>
    public static long Peak(RunSpec spec) => (long)((WhileTraining * Checkpoint(spec)) + Files(spec));

    /// <summary>Once it has finished: the last checkpoint stays.</summary>
    public static long Kept(RunSpec spec) => (long)(Checkpoint(spec) + Files(spec));

    private static double Checkpoint(RunSpec spec) => (spec.Parameters ?? 0) * Single * Copies;

    private static double Files(RunSpec spec)
    {
        double log = spec.Training is { } plan && spec.Method is NetworkMethod ? (double)(spec.Budget?.StepsOf(FastestStep) ?? plan.Steps) / plan.LogEvery * LogRow : 0;
        double settings = spec.Sampling.Count == 0 ? 0 : 1 + spec.Sampling.Temperatures.Length + ((1 + spec.Sampling.Samplers.Length) * (1 + spec.Sampling.StepCounts.Length)) + (2 * spec.Sampling.Batches.Length);
        return log + MetricRows + (settings * SettingRows) + (spec.Sampling.Count * spec.Data.Length * Token);
    }
}
