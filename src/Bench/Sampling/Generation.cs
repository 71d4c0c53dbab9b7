namespace Bench.Sampling;

/// <summary>What a sampler produced, and what it took.</summary>
/// <param name="Sequences">[count][length] words.</param>
/// <param name="NetworkCalls">Calls of the denoiser, each for the whole batch.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record Generation(int[][] Sequences, int NetworkCalls, double Seconds)
{
    /// <summary>Words settled per second, all sequences together.</summary>
    public double TokensPerSecond => Sequences.Sum(sequence => sequence.Length) / Seconds;
}
