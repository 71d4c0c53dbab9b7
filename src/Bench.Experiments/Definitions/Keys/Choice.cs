
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>One of a few values that have names.</summary>
/// <param name="thing">What they are called: "method".</param>
/// <param name="named">The values by name.</param>
internal sealed class Choice<T>(string thing, IReadOnlyList<KeyValuePair<string, T>> named) : Kind<T>
{
    private readonly string[] names = [.. named.Select(pair => pair.Key)];

    private string Several => thing.EndsWith('y') ? $"{thing[..^1]}ies" : $"{thing}s";

    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", names)}";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override JsonNode Write(T value) =>
        JsonValue.Create(named.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key);

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out T value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        int at = Array.IndexOf(names, scalar.Text);
        value = at < 0 ? default! : named[at].Value;
        if (at < 0)
            report.Add(node, $"unknown {thing} '{scalar.Text}' in {path}", Spelling.Advice(scalar.Text, names, Several));
        return at >= 0;
    }
}
