using System.Text.Json.Nodes;

namespace Bench.Experiments.Components;

/// <summary>A noun that was read.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Json">How it is written, with every default filled in.</param>
internal sealed record Component<T>(T Value, JsonObject Json);
