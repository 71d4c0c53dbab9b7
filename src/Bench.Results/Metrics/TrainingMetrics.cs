namespace Bench.Results.Metrics;

/// <summary>What a run took.</summary>
public static class TrainingMetrics
{
    /// <summary>Trainable parameters, or stored counts of an n-gram model.</summary>
    public static MetricDescriptor Parameters { get; } = new("parameters", MetricKind.Training)
    {
        Place = 400,
        Title = "Params",
        Unit = Units.None,
        Better = Direction.Same,
        Range = ValueRange.NotNegative,
        Sentence = "trainable parameters, or stored counts of an n-gram model.",
        Style = NumberStyle.Compact,
        Column = new("parameters"),
        Guard = new(),
    };

    /// <summary>Tokens trained on per second.</summary>
    public static MetricDescriptor Speed { get; } = new("training-speed", MetricKind.Training)
    {
        Place = 401,
        Title = "Training",
        Unit = Units.TokensPerSecond,
        Better = Direction.More,
        Range = ValueRange.NotNegative,
        Sentence = "tokens trained on per second.",
        Style = NumberStyle.Compact,
        Column = new("training_tokens_per_second"),
    };

    /// <summary>Training and evaluation together.</summary>
    public static MetricDescriptor WallTime { get; } = new("wall-time", MetricKind.Training)
    {
        Place = 402,
        Title = "Time",
        Unit = Units.Seconds,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "training, evaluation and sampling together.",
        Style = NumberStyle.Duration,
        Column = new("wall_time_seconds") { Unit = "" },
    };

    /// <summary>Tokens seen in training, repeats included.</summary>
    public static MetricDescriptor Tokens { get; } = new("training-tokens", MetricKind.Training)
    {
        Place = 403,
        Title = "Trained on",
        Unit = Units.Tokens,
        Better = Direction.Same,
        Range = ValueRange.NotNegative,
        Sentence = "tokens seen in training, repeats included.",
        Style = NumberStyle.Compact,
        Column = new("training_tokens"),
        Guard = new() { DependsOnMachine = true },
    };

    /// <summary>Optimiser updates.</summary>
    public static MetricDescriptor Steps { get; } = new("training-steps", MetricKind.Training)
    {
        Place = 404,
        Title = "Steps",
        Unit = Units.Steps,
        Better = Direction.Same,
        Range = ValueRange.NotNegative,
        Sentence = "optimiser updates.",
        Style = NumberStyle.Compact,
    };

    /// <summary>The process's peak resident memory.</summary>
    public static MetricDescriptor PeakMemory { get; } = new("peak-memory", MetricKind.Training)
    {
        Place = 405,
        Title = "Peak memory",
        Unit = Units.Mebibytes,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "peak resident memory of the process.",
        Digits = 0,
    };
}
