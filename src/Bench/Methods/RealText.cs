namespace Bench.Methods;

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
