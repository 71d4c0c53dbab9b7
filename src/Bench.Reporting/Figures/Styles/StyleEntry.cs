using System.Text.Json;

namespace Bench.Reporting.Figures.Styles;

/// <summary>A value of the style file, and where it stands.</summary>
/// <param name="Path">Dotted keys; the i-th value of a list ends with <c>[i]</c>, and a list itself and an object have an entry of their own.</param>
/// <param name="Type">What JSON calls it.</param>
/// <param name="Text">The value as written, without quotation marks.</param>
/// <param name="Offset">Its key's first byte, or its own where it has no key.</param>
internal sealed record StyleEntry(string Path, JsonTokenType Type, string Text, long Offset);
