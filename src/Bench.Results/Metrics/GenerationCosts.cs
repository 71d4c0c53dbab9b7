namespace Bench.Results.Metrics;

/// <summary>What generating took at a setting: timed, and counted.</summary>
public static class GenerationCosts
{
    /// <summary>Generated tokens per second.</summary>
    public static MetricDescriptor TokensPerSecond { get; } = new("tokens-per-second", MetricKind.Cost)
    {
        Place = 300,
        Title = "Tokens/s",
        Unit = Units.TokensPerSecond,
        Better = Direction.More,
        Range = ValueRange.NotNegative,
        Sentence = "generated tokens per second.",
        Style = NumberStyle.Compact,
        Column = new("tokens_per_second") { Unit = "", Uncertainty = Uncertainty.Interval, HasNote = false },
        AxisTitle = "Tokens per second",
        IsLogarithmic = true,
    };

    /// <summary>Generated sequences per second.</summary>
    public static MetricDescriptor SequencesPerSecond { get; } = new("sequences-per-second", MetricKind.Cost)
    {
        Place = 301,
        Title = "Sequences/s",
        Unit = Units.SequencesPerSecond,
        Better = Direction.More,
        Range = ValueRange.NotNegative,
        Sentence = "generated sequences per second.",
        Digits = 2,
        Column = new("sequences_per_second") { Unit = "", Uncertainty = Uncertainty.Interval, IsDataOnly = true },
    };

    /// <summary>Calls of the network for one batch of sequences (NFE).</summary>
    public static MetricDescriptor NetworkCalls { get; } = new("network-calls", MetricKind.Cost)
    {
        Place = 302,
        Title = "NFE",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "calls of the network for one batch.",
        Style = NumberStyle.Compact,
        Column = new("network_calls"),
        AxisTitle = "Network calls (NFE)",
        IsLogarithmic = true,
        Guard = new() { Better = Direction.Same },
    };

    /// <summary>Input slots that went through the network, per generated token.</summary>
    public static MetricDescriptor NetworkTokens { get; } = new("network-tokens", MetricKind.Cost)
    {
        Place = 303,
        Title = "Slots",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "input slots that went through the network, per generated token.",
        Style = NumberStyle.Compact,
        Column = new("network_tokens") { Unit = "per token" },
        Guard = new() { Better = Direction.Same },
    };

    /// <summary>Time until the first token of every sequence is settled.</summary>
    public static MetricDescriptor FirstToken { get; } = new("first-token", MetricKind.Cost)
    {
        Place = 304,
        Title = "First token",
        Unit = Units.Seconds,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "until the first token of every sequence is settled.",
        Column = new("first_token_seconds") { Uncertainty = Uncertainty.Interval },
    };

    /// <summary>What the buffers of cached keys and values take.</summary>
    public static MetricDescriptor CacheMemory { get; } = new("cache-memory", MetricKind.Cost)
    {
        Place = 305,
        Title = "Cache",
        Unit = Units.Mebibytes,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "buffers for the keys and values of one batch at full length.",
        Digits = 2,
        Column = new("cache_mebibytes") { HasNote = false },
    };

    /// <summary>
    /// The peak resident memory while generating, beyond what was resident before: 0 where memory that the process had kept was enough.
    /// </summary>
    public static MetricDescriptor PeakMemory { get; } = new("peak-memory", MetricKind.Cost)
    {
        Place = 306,
        Title = "Added memory",
        Unit = Units.Mebibytes,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "what the process grew by at its peak while generating; 0 where the memory that it had kept from before was enough.",
        Digits = 0,
        Column = new("added_mebibytes"),
    };
}
