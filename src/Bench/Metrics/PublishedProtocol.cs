namespace Bench.Metrics;

/// <summary>How the program of a paper estimates a perplexity, as far as it is not the network's own.</summary>
public sealed record PublishedProtocol
{
    /// <summary>The loss that is averaged.</summary>
    public PublishedLoss Loss { get; init; }

    /// <summary>The least noise time that is drawn.</summary>
    public double LeastTime { get; init; } = 1e-3;

    /// <summary>The greatest noise time that is drawn.</summary>
    public double MostTime { get; init; } = 1;

    /// <summary>ε of the log-linear schedule: the share that stays clean at time 1; null for the method's own schedule.</summary>
    public double? ScheduleEnd { get; init; }

    /// <summary>
    /// Noise times a row. With one, times are stratified over the rows of a batch; with more, over the copies of a row that are a batch.
    /// </summary>
    public int Draws { get; init; } = 1;

    /// <summary>Rows, or copies of a row, that share the strata of the noise time.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Whether all strata of a batch are entered at one drawn place (GIDD, HDLM), rather than each at its own.</summary>
    public bool IsOffsetShared { get; init; }

    /// <summary>
    /// σ that the network is given in place of the noise level, as HDLM's program gives its γ-hybrid; null for the level.
    /// </summary>
    public double? GivenSigma { get; init; }
}

/// <summary>What programs average over draws of the noise.</summary>
public enum PublishedLoss
{
    /// <summary>The integrand of the method's bound; the exact negative log-likelihood where it goes token by token.</summary>
    Bound,

    /// <summary>
    /// The cross-entropy of masked tokens over the masked share, whatever noise the method was trained with; the mask is a class like
    /// others, and the first token is masked and scored but not counted (HDLM).
    /// </summary>
    Masked,
}
