namespace Bench.Results.Metrics;

/// <summary>What guided generation reached, and what it took.</summary>
public static class GuidanceMetrics
{
    /// <summary>The reward of generated sequences.</summary>
    public static MetricDescriptor Reward { get; } = new("reward", MetricKind.Text)
    {
        Place = 280,
        Title = "Reward",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Finite,
        Sentence = "the mean reward of generated sequences.",
    };

    /// <summary>How much generated sequences differ.</summary>
    public static MetricDescriptor Distance { get; } = new("pairwise-distance", MetricKind.Text)
    {
        Place = 281,
        Title = "Distance",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = "the share of positions at which two generated sequences differ, the mean over pairs of neighbours.",
    };

    /// <summary>Rows of all calls of the network, a sequence.</summary>
    public static MetricDescriptor NetworkRows { get; } = new("network-rows", MetricKind.Cost)
    {
        Place = 310,
        Title = "Rows",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "rows through the network for a generated sequence, its candidates' included.",
        Digits = 1,
    };

    /// <summary>Rewards computed, a sequence.</summary>
    public static MetricDescriptor RewardCalls { get; } = new("reward-calls", MetricKind.Cost)
    {
        Place = 311,
        Title = "Reward calls",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "rewards computed for a generated sequence.",
        Digits = 1,
    };
}
