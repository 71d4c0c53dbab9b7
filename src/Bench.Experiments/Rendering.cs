using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>A definition written out, or what is wrong with it. One of the two is empty.</summary>
/// <param name="Text">YAML.</param>
/// <param name="Problems">All of them.</param>
public sealed record Rendering(string Text, ImmutableArray<Problem> Problems);
