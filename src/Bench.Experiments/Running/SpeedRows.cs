using System.Diagnostics;
using Bench.Experiments.Machine;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>What generations took, as rows of <c>generation.csv</c>.</summary>
internal static class SpeedRows
{
    private const int MostRepeats = 5;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(0.2), Enough = TimeSpan.FromSeconds(0.5);

    /// <summary>Repeats a generation after a warm-up: five times, or for half a second, whichever is over first.</summary>
    public static IEnumerable<GenerationMetric> Measure(Generator generator, GenerationSetting setting, RandomStream draws, CancellationToken stop)
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
            .. Of(setting, repeats, $"median of up to {MostRepeats} within {Enough.TotalSeconds} s, behind {Warm.TotalSeconds} s of warm-up; brackets hold the extremes"),
            new(setting, GenerationMetricNames.PeakMemory, "", Units.Mebibytes, peak, Protocol: "peak resident memory beyond what was resident before"),
        ];
    }

    /// <summary>Rows of one generation or several alike.</summary>
    public static IEnumerable<GenerationMetric> Of(GenerationSetting setting, IReadOnlyList<Generation> repeats, string protocol)
    {
        yield return Times(GenerationMetricNames.TokensPerSecond, Units.TokensPerSecond, generation => generation.TokensPerSecond);
        yield return Times(GenerationMetricNames.SequencesPerSecond, Units.SequencesPerSecond, generation => generation.Sequences.Length / generation.Seconds);
        yield return Times(GenerationMetricNames.FirstToken, Units.Seconds, generation => generation.FirstTokenSeconds);
        var first = repeats[0];
        yield return new(setting, GenerationMetricNames.NetworkCalls, "", Units.None, first.NetworkCalls, Protocol: "calls for one batch");
        yield return new(setting, GenerationMetricNames.NetworkTokens, "", Units.None, (double)first.NetworkTokens / first.Sequences.Sum(sequence => sequence.Length), Protocol: "columns through the network for a generated token");
        if (first.CacheBytes > 0)
            yield return new(setting, GenerationMetricNames.CacheMemory, "", Units.Mebibytes, first.CacheBytes / (double)(1 << 20), Protocol: "buffers for the keys and values of one batch at full length");

        GenerationMetric Times(string name, string unit, Func<Generation, double> of)
        {
            double[] values = [.. repeats.Select(of)];
            return new(setting, name, "", unit, values.Median(), Low: values.Length > 1 ? values.Min() : null, High: values.Length > 1 ? values.Max() : null, Count: values.Length, Protocol: protocol);
        }
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
