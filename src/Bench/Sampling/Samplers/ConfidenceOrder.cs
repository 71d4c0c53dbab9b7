namespace Bench.Sampling.Samplers;

/// <summary>How sure a prediction is: what its masks are revealed in the order of.</summary>
public enum ConfidenceOrder
{
    /// <summary>The probability of the most probable token (MaskGIT, arXiv 2202.04200; LLaDA, arXiv 2502.09992).</summary>
    MaxProbability,

    /// <summary>By how much it exceeds that of the second (Kim et al., arXiv 2502.06768).</summary>
    Margin,

    /// <summary>The negative entropy (Dream, arXiv 2508.15487).</summary>
    Entropy,

    /// <summary>None: from left to right, whatever is predicted.</summary>
    LeftToRight,
}
