using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Results;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>Values of a YAML file in JSON: plain numbers and flags as such, every other value as text.</summary>
internal static class NodeJson
{
    /// <summary>The value.</summary>
    public static JsonNode Of(Node node) => node switch
    {
        Mapping section => new JsonObject(section.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, (JsonNode?)Of(entry.Value)))),
        Sequence list => new JsonArray([.. list.Items.Select(Of)]),
        Scalar { IsPlain: true } plain => Plain(plain.Text),
        _ => JsonValue.Create(((Scalar)node).Text),
    };

    /// <summary>JSON as if it had been written at a place.</summary>
    public static Node Node(JsonNode json, Node place) => json switch
    {
        JsonObject section =>
            new Mapping(
                place.Line,
                place.Column,
                [.. section.Select(entry => new Entry(Leaf(entry.Key, place, isPlain: true), Node(entry.Value!, place)))])
            {
                File = place.File,
            },
        JsonArray list => new Sequence(place.Line, place.Column, [.. list.Select(item => Node(item!, place))]) { File = place.File },
        _ when json.GetValueKind() == JsonValueKind.String => Leaf(json.GetValue<string>(), place, isPlain: false),
        _ => Leaf(json.ToJsonString(), place, isPlain: true),
    };

    /// <summary>The value without quotes: names of the suite's own need none.</summary>
    public static Node Plain(Node node) => node switch
    {
        Mapping section => section with { Entries = [.. section.Entries.Select(entry => entry with { Value = Plain(entry.Value) })] },
        Sequence list => list with { Items = [.. list.Items.Select(Plain)] },
        _ => (Scalar)node with { IsPlain = true },
    };

    /// <summary>The value on one line: equal for equal values, however numbers and keys are spelt and sorted.</summary>
    public static string Text(Node node) => CanonicalJson.Compact(JsonSerializer.SerializeToElement(Of(node)));

    private static Scalar Leaf(string text, Node place, bool isPlain) => new(place.Line, place.Column, text, isPlain) { File = place.File };

    // However a number is spelt: 0.1, .1, 1e-1 and, with nothing behind its point, 1. are numbers; adding 0 takes the sign off a zero.
    private static JsonValue Plain(string text)
    {
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            && Math.Abs((double)whole) < 1L << 53)
            return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number + 0.0)
            : JsonValue.Create(text);
    }
}
