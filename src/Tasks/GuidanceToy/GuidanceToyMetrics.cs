using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Tasks.GuidanceToy;

/// <summary>How far guided sequences are from p exp(r/α)/Z.</summary>
public static class GuidanceToyMetrics
{
    /// <summary>ln Z − (E r/α − KL(q ‖ p)) = KL(q ‖ p exp(r/α)/Z): 0 for the distribution aimed at, and for no other.</summary>
    public static MetricDescriptor Gap { get; } = new("guidance-gap", MetricKind.Text)
    {
        Place = 282,
        Title = "Gap",
        Unit = Units.Nats,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "ln Z − (E r/α − KL(q ‖ p)), how far the distribution q of what is generated is from p exp(r/α)/Z.",
        Digits = 4,
    };

    /// <summary>Half the sum of absolute differences between the two.</summary>
    public static MetricDescriptor TotalVariation { get; } = new("guidance-tv", MetricKind.Text)
    {
        Place = 283,
        Title = "TV",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.Share,
        Sentence = "total variation between what is generated and p exp(r/α)/Z.",
        Digits = 4,
    };

    /// <summary>The gap with exact predictions in the place of the network.</summary>
    public static MetricDescriptor ExactGap { get; } = Gap with
    {
        Name = "guidance-gap-exact",
        Place = 284,
        Title = "Gap, exact",
        Sentence = "the gap with exact predictions in the place of the network: the error of the method alone.",
    };

    /// <summary>The total variation with exact predictions in the place of the network.</summary>
    public static MetricDescriptor ExactTotalVariation { get; } = TotalVariation with
    {
        Name = "guidance-tv-exact",
        Place = 285,
        Title = "TV, exact",
        Sentence = "total variation with exact predictions in the place of the network.",
    };
}
