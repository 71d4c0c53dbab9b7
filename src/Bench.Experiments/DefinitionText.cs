namespace Bench.Experiments;

/// <summary>A definition as it was when it was read.</summary>
/// <param name="File">Where, as an absolute path.</param>
/// <param name="Text">All of it: what its profile says is written into it, so that neither a move nor a later edit of that changes a run.</param>
public sealed record DefinitionText(string File, string Text);
