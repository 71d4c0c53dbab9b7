using Bench.Experiments.Yaml;
using Bench.Methods;

namespace Bench.Experiments.Components;

/// <summary>A method as a definition has it: a row of the table by name, or a section of nouns, which is read once text and length are known.</summary>
/// <param name="Row">The row; null for a section.</param>
/// <param name="Written">Where it was written.</param>
internal sealed record MethodEntry(IMethod? Row, Node Written);
