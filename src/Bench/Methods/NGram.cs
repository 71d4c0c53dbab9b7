namespace Bench.Methods;

/// <summary>An interpolated Witten-Bell n-gram model: what a network must beat to have learned anything.</summary>
/// <param name="Order">n: a symbol and the n − 1 before it.</param>
public sealed record NGram(int Order) : IMethod
{
    /// <inheritdoc/>
    public string Name => $"ngram-{Order}";

    /// <inheritdoc/>
    public string Title => $"{Order}-gram";

    /// <inheritdoc/>
    public string Paper => "Witten and Bell 1991";

    /// <inheritdoc/>
    public string Equation => "method C";
}
