using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Tests.Cli;

/// <summary>The reproducible part of a results folder: texts, numbers except times and speeds, training logs except their clocks.</summary>
internal static class Facts
{
    private static readonly string[] Timings = [TrainingMetrics.Speed.Name, TrainingMetrics.WallTime.Name, TrainingMetrics.PeakMemory.Name];
    private static readonly string[] GenerationTimings =
        [
            GenerationCosts.TokensPerSecond.Name,
            GenerationCosts.SequencesPerSecond.Name,
            GenerationCosts.FirstToken.Name,
            GenerationCosts.PeakMemory.Name,
        ];

    public static string[] Of(string results) => [.. new RunStore(results).ReadAll().SelectMany(Of)];

    /// <summary>Temporary files, wherever they are.</summary>
    public static string[] Strays(string results) =>
        [.. Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories)
            .Where(
                file => file.EndsWith(".tmp", StringComparison.Ordinal)
                    || Path.GetFileName(file).StartsWith(".probe", StringComparison.Ordinal))];

    private static IEnumerable<string> Of(RunRecord run) =>
    [
        $"{run.Experiment} {run.Id} {run.Status.State} {run.Definition.Canonical}",
        .. run.Metrics.Where(metric => !Timings.Contains(metric.Name)).Select(metric => $"{run.Id} {metric}"),
        .. run.Generation.Where(metric => !GenerationTimings.Contains(metric.Name)).Select(metric => $"{run.Id} {metric}"),
        .. run.Curve.Select(point => $"{run.Id} {point with { Seconds = 0, TokensPerSecond = 0 }}"),
        .. run.Samples.Select(sample => $"{run.Id} {sample}"),
    ];
}
