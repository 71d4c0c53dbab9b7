using System.Diagnostics;
using Bench.Experiments.Machine;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>What generations took, as rows of <c>generation.csv</c>.</summary>
internal static class SpeedRows
{
    private const int MostRepeats = 5;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(0.2), Enough = TimeSpan.FromSeconds(0.5);

    /// <summary>Repeats a generation after a warm-up: five times, or for half a second, whichever is over first.</summary>
    public static IEnumerable<GenerationMetric> Measure(Generator generator, GenerationSetting setting, RandomStream draws,
        CancellationToken stop)
    {
        WarmUp(generator, setting, draws, stop);
        var repeats = new List<Generation>();
        double peak = PeakMemory.Of(() =>
        {
            for (var clock = Stopwatch.StartNew(); repeats.Count == 0 || (repeats.Count < MostRepeats && clock.Elapsed < Enough);)
                repeats.Add(generator.Generate(setting.Batch, draws, stop: stop));
        });
        return
        [
            .. Of(setting, repeats,
                $"median of up to {MostRepeats} within {Enough.TotalSeconds} s, behind {Warm.TotalSeconds} s of warm-up; brackets hold "
                    + $"the extremes"),
            GenerationCosts.PeakMemory.Row(setting, peak, "peak resident memory beyond what was resident before"),
        ];
    }

    /// <summary>Rows of one generation or several alike.</summary>
    public static IEnumerable<GenerationMetric> Of(GenerationSetting setting, IReadOnlyList<Generation> repeats, string protocol)
    {
        foreach (var row in Speeds(setting, repeats, protocol))
            yield return row;
        yield return Timed(GenerationCosts.FirstToken, setting, repeats.Select(generation => generation.FirstTokenSeconds), protocol);
        var first = repeats[0];
        yield return GenerationCosts.NetworkCalls.Row(setting, first.NetworkCalls, "calls for one batch");
        double columns = (double)first.NetworkTokens / first.Sequences.Sum(sequence => sequence.Length);
        yield return GenerationCosts.NetworkTokens.Row(setting, columns, "columns through the network for a generated token");
        double mebibytes = first.CacheBytes / (double)(1 << 20);
        if (first.CacheBytes > 0)
            yield return GenerationCosts.CacheMemory.Row(setting, mebibytes, "buffers for the keys and values of one batch at full length");
    }

    /// <summary>Of the same, tokens and sequences per second alone.</summary>
    public static IEnumerable<GenerationMetric> Speeds(GenerationSetting setting, IReadOnlyList<Generation> repeats, string protocol) =>
    [
        Timed(GenerationCosts.TokensPerSecond, setting, repeats.Select(each => each.TokensPerSecond), protocol),
        Timed(GenerationCosts.SequencesPerSecond, setting, repeats.Select(each => each.Sequences.Length / each.Seconds), protocol),
    ];

    private static GenerationMetric Timed(MetricDescriptor metric, GenerationSetting setting, IEnumerable<double> repeats, string protocol)
    {
        double[] values = [.. repeats];
        return metric.Row(setting, values.Median(), protocol) with
        {
            Low = values.Length > 1 ? values.Min() : null,
            High = values.Length > 1 ? values.Max() : null,
            Count = values.Length,
        };
    }

    private static void WarmUp(Generator generator, GenerationSetting setting, RandomStream draws, CancellationToken stop)
    {
        using var warm = CancellationTokenSource.CreateLinkedTokenSource(stop);
        warm.CancelAfter(Warm);
        try
        {
            generator.Generate(setting.Batch, draws, stop: warm.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Warm enough.
        }
    }
}
