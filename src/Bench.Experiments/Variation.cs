using System.Text.Json;

namespace Bench.Experiments;

/// <summary>What a sweep has set in a run.</summary>
/// <param name="Key">The key with the sections it is in: <c>model.width</c>.</param>
/// <param name="Value">Its value in JSON.</param>
public sealed record Variation(string Key, string Value)
{
    /// <summary>For labels: <c>model.width 64</c>.</summary>
    public override string ToString() => $"{Key} {(Value.StartsWith('"') ? JsonSerializer.Deserialize<string>(Value) : Value)}";
}
