namespace Bench.Attention;

/// <summary>
/// How a method uses the backbone: which output predicts which token, the attention mask, and noise conditioning (HDLM, arXiv
/// 2504.06416).
/// </summary>
/// <param name="Shifted">Output i − 1 predicts token i, behind a mask at position −1; else output i predicts token i.</param>
/// <param name="Block">How tokens that are denoised together attend among themselves: full or causal.</param>
/// <param name="Conditioning">What the backbone is given of the noise level.</param>
/// <param name="Context">How settled tokens attend among themselves.</param>
/// <param name="PostActive">Whether the tokens behind the active ones attend among themselves as the context does, instead of each to
/// itself alone; no other query attends to them either way.</param>
public sealed record BackboneView(
    bool Shifted, AttentionKind Block, Conditioning Conditioning, AttentionKind Context = AttentionKind.BlockCausal,
    bool PostActive = false)
{
    /// <summary>Whether the backbone is noise-conditioned.</summary>
    public bool IsNoiseConditioned => Conditioning is Conditioning.Sigma or Conditioning.Time;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Properties());

    private IEnumerable<string> Properties()
    {
        yield return Shifted ? "shifted" : "aligned";
        yield return Block == AttentionKind.Causal ? "causal" : "full";
        if (Context != AttentionKind.BlockCausal)
            yield return $"{Context.ToString().ToLowerInvariant()} context";
        if (IsNoiseConditioned)
            yield return $"told {Conditioning.ToString().ToLowerInvariant()}"; // stored name
    }
}

/// <summary>The attention mask among tokens of one kind (HDLM, arXiv 2504.06416).</summary>
public enum AttentionKind
{
    /// <summary>Every token to every token.</summary>
    Full,

    /// <summary>Backwards only.</summary>
    Causal,

    /// <summary>To tokens that settle no later: within a block and to the blocks before it.</summary>
    BlockCausal,
}

/// <summary>What a backbone is given of the noise level.</summary>
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
