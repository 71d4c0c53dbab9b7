using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Tasks.Infilling;

/// <summary>How much of a text was found whose other tokens a task gives.</summary>
public static class InfillingMetrics
{
    /// <summary>The share of generated tokens that are the true ones.</summary>
    public static MetricDescriptor TokenAccuracy { get; } = new("token-accuracy", MetricKind.Text)
    {
        Place = 270,
        Title = "Token accuracy",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = "the share of generated tokens that are the true ones, the others being given.",
        Column = new("token_accuracy") { Uncertainty = Uncertainty.Interval },
    };
}
