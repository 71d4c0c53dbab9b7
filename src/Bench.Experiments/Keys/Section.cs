using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments.Keys;

/// <summary>A section of keys: every key in it is known, and no other is accepted.</summary>
internal sealed class Section(params ImmutableArray<Key> keys) : Kind<Values>
{
    /// <summary>In the order in which they are explained.</summary>
    public ImmutableArray<Key> Keys => keys;

    /// <inheritdoc/>
    public override string Expected => $"a section with keys such as {string.Join(", ", keys.Take(3).Select(key => key.Name))}";

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)key.Schema()))),
        ["required"] = new JsonArray([.. keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]),
        ["additionalProperties"] = false,
    };

    /// <summary>The section with the default of every key that it leaves out, in the order of the keys.</summary>
    public Mapping Filled(Mapping written)
    {
        var filled = written with { Entries = [.. written.Entries.Where(entry => keys.All(key => key.Name != entry.Key.Text))] };
        foreach (var key in keys)
        {
            var name = new Scalar(written.Line, written.Column, key.Name, IsPlain: true);
            var value = written[key.Name] ?? (key.Default is { } json ? NodeJson.Plain(NodeJson.Node(JsonNode.Parse(json)!, written)) : null);
            if (key.Section is { } inner && (value is Mapping || (value is null && !key.IsRequired)))
                value = inner.Filled(value as Mapping ?? written with { Entries = [] });
            if (value is not null)
                filled = filled.With(name, value);
        }

        return filled;
    }

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Values value)
    {
        if (node is not Mapping section)
            return Refuse(node, path.Length == 0 ? "the file" : path, report, out value);
        string[] names = [.. keys.Select(key => key.Name)];
        foreach (var entry in section.Entries.Where(entry => !names.Contains(entry.Key.Text)))
        {
            report.Add(
                entry.Key,
                $"unknown key '{entry.Key.Text}'{(path.Length == 0 ? "" : $" under {path}")}",
                Spelling.Advice(entry.Key.Text, names, "keys"));
        }

        value = new Values(section);
        value.Read(keys, path, report);
        return true; // what could be read of it was; the report knows of the rest
    }
}
