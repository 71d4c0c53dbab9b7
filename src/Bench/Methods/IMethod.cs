namespace Bench.Methods;

/// <summary>Something that assigns a likelihood to text, and a row of every table.</summary>
public interface IMethod
{
    /// <summary>The name in definitions.</summary>
    string Name { get; }

    /// <summary>The name in tables and figures.</summary>
    string Title { get; }

    /// <summary>Where it was published.</summary>
    string Paper { get; }

    /// <summary>Which equation of the paper is minimised, or counted by.</summary>
    string Equation { get; }
}

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

/// <summary>No model: text of the test split, measured as if it had been generated. What good text is to be like.</summary>
public sealed record RealText : IMethod
{
    /// <inheritdoc/>
    public string Name => "text";

    /// <inheritdoc/>
    public string Title => "Test text";

    /// <inheritdoc/>
    public string Paper => "";

    /// <inheritdoc/>
    public string Equation => "";
}
