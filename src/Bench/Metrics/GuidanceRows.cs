using Bench.Guidance;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Statistics;

namespace Bench.Metrics;

/// <summary>What a guided generation reached and took, as rows of <c>generation.csv</c>.</summary>
public static class GuidanceRows
{
    /// <summary>Reward with its interval over sequences, how much sequences differ, rows of the network and reward calls.</summary>
    /// <param name="setting">How the sequences were generated.</param>
    /// <param name="guided">What guided them.</param>
    /// <param name="generation">What was generated.</param>
    /// <param name="draws">Of resamples.</param>
    public static IEnumerable<GenerationMetric> Of(GenerationSetting setting, Guided guided, Generation generation, RandomStream draws)
    {
        int[][] sequences = generation.Sequences;
        double[] rewards = [.. sequences.Select(sequence => guided.Reward.Of(sequence))];
        var bootstrap = new Bootstrap(draws);
        var rows = new GenerationRows(setting, LikelihoodUnits.Token);
        rows.Add(
            GuidanceMetrics.Reward, bootstrap.OfRatio(rewards, Ones(rewards.Length)), $"{guided.Reward.Name}; {bootstrap.Protocol}",
            "nothing was generated");
        double[] differ = [.. sequences.Zip(sequences.Skip(1)).Select(pair => Share(pair.First, pair.Second))];
        rows.Add(
            GuidanceMetrics.Distance, bootstrap.OfRatio(differ, Ones(differ.Length)),
            $"of each sequence and the next; {bootstrap.Protocol}",
            "there are no two sequences");
        return
        [
            .. rows.All,
            GuidanceMetrics.NetworkRows.Row(setting, (double)generation.NetworkRows / sequences.Length, "counted over one generation"),
            GuidanceMetrics.RewardCalls.Row(setting, (double)generation.RewardCalls / sequences.Length, "counted over one generation"),
        ];
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static double Share(int[] a, int[] b) =>
        Math.Max(a.Length, b.Length) is var length and > 0
            ? (a.Zip(b, (x, y) => x == y ? 0 : 1).Sum() + Math.Abs(a.Length - b.Length)) / (double)length
            : 0;
}
