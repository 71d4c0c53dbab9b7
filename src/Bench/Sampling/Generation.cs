namespace Bench.Sampling;

/// <summary>What a sampler produced, and what it took.</summary>
/// <param name="Sequences">[count][length] tokens; shorter where generation was to end before.</param>
/// <param name="NetworkCalls">Calls of the denoiser, each for the whole batch: NFE.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record Generation(int[][] Sequences, int NetworkCalls, double Seconds)
{
    /// <summary>Slots that went through the network, all rows together.</summary>
    public long NetworkTokens { get; init; }

    /// <summary>Wall time until the first token of every sequence was settled.</summary>
    public double FirstTokenSeconds { get; init; } = Seconds;

    /// <summary>What kept keys and values take.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Tokens settled per second, all sequences together.</summary>
    public double TokensPerSecond => Sequences.Sum(sequence => sequence.Length) / Seconds;

    /// <summary>One batch behind the other.</summary>
    public static Generation Join(IReadOnlyList<Generation> parts) =>
        new([.. parts.SelectMany(part => part.Sequences)], parts.Sum(part => part.NetworkCalls), parts.Sum(part => part.Seconds))
    {
        NetworkTokens = parts.Sum(part => part.NetworkTokens),
        FirstTokenSeconds = parts.Count == 0 ? 0 : parts[0].FirstTokenSeconds,
        CacheBytes = parts.Count == 0 ? 0 : parts.Max(part => part.CacheBytes),
    };
}
