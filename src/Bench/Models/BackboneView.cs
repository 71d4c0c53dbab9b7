namespace Bench.Models;

/// <summary>How a method looks at the backbone: which output predicts which token, who attends to whom, and whether σ is told (HDLM, arXiv 2504.06416).</summary>
/// <param name="Shifted">Output i − 1 predicts token i, behind a mask at position −1; else output i predicts token i.</param>
/// <param name="Causal">Positions attend backwards only.</param>
/// <param name="Conditioning">What the backbone learns of the noise level.</param>
public sealed record BackboneView(bool Shifted, bool Causal, Conditioning Conditioning)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Shifted ? "shifted" : "aligned")}, {(Causal ? "causal" : "full")}{(Conditioning == Conditioning.Sigma ? ", noise-conditioned" : "")}";
}
