namespace Bench.Results;

/// <summary>A generated text: <c>samples/&lt;name&gt;.txt</c>.</summary>
public sealed record Sample(string Name, string Text);
