namespace Bench.Sampling;

/// <summary>What the outputs of a network mean: what it was trained to predict, and what a sampler reads.</summary>
public sealed class NetworkOutput
{
    private readonly string description;

    private NetworkOutput(string description) => this.description = description;

    /// <summary>Logits of the clean token; that of the mask counts nothing.</summary>
    public static NetworkOutput CleanDistribution { get; } = new("distributions of the clean token");

    /// <summary>Logits of the clean token, which may be the mask (D3PM, arXiv 2107.03006).</summary>
    public static NetworkOutput CleanDistributionWithMask { get; } = new("distributions that include the mask");

    /// <summary>Logarithms of the ratios q_t(y)/q_t(x_t) (SEDD, arXiv 2310.16834).</summary>
    public static NetworkOutput Scores { get; } = new("scores");

    /// <summary>As text, for messages and tables.</summary>
    public override string ToString() => description;
}
