namespace Bench.Attention;

/// <summary>
/// How a method looks at the backbone: which output predicts which token, who attends to whom, and whether σ is told (HDLM, arXiv
/// 2504.06416).
/// </summary>
/// <param name="Shifted">Output i − 1 predicts token i, behind a mask at position −1; else output i predicts token i.</param>
/// <param name="Block">How tokens that are denoised together attend among themselves: full or causal.</param>
/// <param name="Conditioning">What the backbone learns of the noise level.</param>
/// <param name="Context">How settled tokens attend among themselves.</param>
/// <param name="PostActive">Whether the tokens behind the active ones attend among themselves as the context does, instead of each to
/// itself alone; nobody else sees them either way.</param>
public sealed record BackboneView(
    bool Shifted, AttentionKind Block, Conditioning Conditioning, AttentionKind Context = AttentionKind.BlockCausal,
    bool PostActive = false)
{
    /// <summary>Whether the backbone is told the noise level.</summary>
    public bool IsNoiseConditioned => Conditioning is Conditioning.Sigma or Conditioning.Time;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Words());

    private IEnumerable<string> Words()
    {
        yield return Shifted ? "shifted" : "aligned";
        yield return Block == AttentionKind.Causal ? "causal" : "full";
        if (Context != AttentionKind.BlockCausal)
            yield return $"{Context.ToString().ToLowerInvariant()} context";
        if (IsNoiseConditioned)
            yield return $"told {Conditioning.ToString().ToLowerInvariant()}";
    }
}

/// <summary>Who attends to whom among tokens of one kind (HDLM, arXiv 2504.06416).</summary>
public enum AttentionKind
{
    /// <summary>Everybody to everybody.</summary>
    Full,

    /// <summary>Backwards only.</summary>
    Causal,

    /// <summary>To whoever settles no later: within a block and to the blocks before it.</summary>
    BlockCausal,
}

/// <summary>What a backbone learns of the noise level.</summary>
public enum Conditioning
{
    /// <summary>No time network and no modulation: the AR variant.</summary>
    Absent,

    /// <summary>The number 0 is fed instead of σ: parameters stay, the modulation becomes a learned constant (MDLM's default).</summary>
    Constant,

    /// <summary>σ of each sequence, or of each token where they differ.</summary>
    Sigma,

    /// <summary>The time 1 − e^{−σ} in [0, 1] in the place of σ (GIDD, arXiv 2503.04482).</summary>
    Time,
}
