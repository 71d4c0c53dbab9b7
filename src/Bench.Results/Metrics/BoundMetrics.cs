namespace Bench.Results.Metrics;

/// <summary>What a variational bound is made of. A run that has them reports an upper bound.</summary>
public static class BoundMetrics
{
    /// <summary>The diffusion term.</summary>
    public static MetricDescriptor Diffusion { get; } =
        Term("diffusion", 110, "Diffusion", "nats of the steps between the two ends of a bound.", digits: 4);

    /// <summary>The prior term. Without it the value is lower, and no bound any more.</summary>
    public static MetricDescriptor Prior { get; } =
        Term("prior", 111, "Prior", "KL of the noisiest level from the prior.", digits: 6) with { Guard = OnTest };

    /// <summary>The reconstruction term; as <see cref="Prior"/>, it may not be dropped.</summary>
    public static MetricDescriptor Reconstruction { get; } =
        Term("reconstruction", 112, "Reconstruction", "nats left at the step to clean tokens.", digits: 6) with { Guard = OnTest };

    /// <summary>The part of a bound's standard error that more draws would lessen.</summary>
    public static MetricDescriptor DrawError { get; } = new("draw-error", MetricKind.Bound)
    {
        Place = 113,
        Title = "Draw error",
        Unit = Units.BitsPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "the part of the bound's standard error that comes from its draws.",
    };

    private static MetricGuard OnTest => new() { Splits = [Splits.Test] };

    private static MetricDescriptor Term(string name, int place, string title, string sentence, int digits) => new(name, MetricKind.Bound)
    {
        Place = place,
        Title = title,
        Unit = Units.NatsPerCharacter,
        IsPerToken = true,
        Better = Direction.Same,
        Range = ValueRange.Finite,
        Sentence = sentence,
        Digits = digits,
        Column = new(name) { Uncertainty = Uncertainty.Error },
    };
}
