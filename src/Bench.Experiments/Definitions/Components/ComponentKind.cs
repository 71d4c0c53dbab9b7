
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Components;

/// <summary>A component, by kind with the parameters of that kind as keys; a kind that needs none may stand alone.</summary>
/// <param name="component">What it is called: "noise".</param>
/// <param name="rows">The kinds.</param>
internal sealed class ComponentKind<T>(string component, ImmutableArray<ComponentRow<T>> rows) : Kind<Component<T>>
{
    /// <summary>The key that names the kind.</summary>
    public const string Kind = "kind";

    private readonly string[] names = [.. rows.Select(row => row.Kind)];

    /// <summary>The kinds.</summary>
    public ImmutableArray<ComponentRow<T>> Rows => rows;

    /// <inheritdoc/>
    public override string Expected => $"a section with a kind, one of {string.Join(", ", names)}, and its keys";

    /// <summary>The row of a kind.</summary>
    public ComponentRow<T> Row(string kind) => rows.First(row => row.Kind == kind);

    /// <summary>A component as <see cref="TryRead"/> reads it.</summary>
    public Component<T> Of(T value) => new(value, rows.First(row => row.Type == value!.GetType()).Write(value));

    /// <inheritdoc/>
    public override JsonNode Write(Component<T> value) => value.Json.DeepClone();

    /// <summary>How a kind is written with parameters; those that are null are left out.</summary>
    public static JsonObject Written(string kind, IEnumerable<KeyValuePair<string, object?>> parameters) => new(
    [
        KeyValuePair.Create(Kind, (JsonNode?)JsonValue.Create(kind)),
        .. parameters.Where(parameter => parameter.Value is not null).Select(
            parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)Json(parameter.Value!))),
    ]);

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["oneOf"] = new JsonArray(
            [
                new JsonObject
                {
                    ["enum"] = new JsonArray(
                        [.. rows.Where(row => !row.Section.Keys.Any(key => key.IsRequired)).Select(row => JsonValue.Create(row.Kind))]),
                },
                .. rows.Select(Schema),
            ]),
    };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Component<T> value)
    {
        value = null!;
        var section = node switch
        {
            Mapping written => written,
            Scalar { IsNothing: false } alone =>
                new Mapping(node.Line, node.Column, [new(alone with { Text = Kind }, alone)]) { File = node.File },
            _ => null,
        };
        if (section is null)
            return Refuse(node, path, report, out value);
        if (section[Kind] is not Scalar { IsNothing: false } kind)
        {
            report.Add(
                section[Kind] ?? section,
                $"{path} does not say its kind",
                $"Write {path}: {{ kind: ... }}. {Spelling.Advice("", names, "kinds")}");
            return false;
        }

        int before = report.Count;
        if (rows.FirstOrDefault(row => row.Kind == kind.Text) is not { } row)
        {
            report.Add(kind, $"unknown kind of {component} '{kind.Text}' in {path}", Spelling.Advice(kind.Text, names, "kinds"));
            return false;
        }

        var parameters = section.Without(Kind);
        row.Section.TryRead(parameters, path, report, out var values);
        if (report.Count > before)
            return false;
        try
        {
            var json = (JsonObject)NodeJson.Of(row.Section.ToStored(row.Section.Filled(parameters)));
            json.Insert(0, Kind, JsonValue.Create(row.Kind));
            value = new(row.Make(values), json);
            return true;
        }
        catch (ArgumentException refused)
        {
            var (reason, advice) = Refusal.Of(Refusal.Reason(refused));
            report.Add(
                section,
                $"{path}: {reason}",
                advice ?? $"Change its parameters: {string.Join(", ", row.Section.Keys.Select(key => key.Name))}.");
            return false;
        }
    }

    /// <inheritdoc/>
    public override Node FromStored(Node stored) =>
        stored is Mapping section && section[Kind] is Scalar kind && rows.FirstOrDefault(row => row.Kind == kind.Text) is { } row
            ? row.Section.FromStored(section)
            : stored;

    private static JsonObject Schema(ComponentRow<T> row)
    {
        var schema = row.Section.Schema();
        ((JsonObject)schema["properties"]!).Insert(0, Kind, new JsonObject { ["const"] = row.Kind });
        ((JsonArray)schema["required"]!).Insert(0, JsonValue.Create(Kind));
        schema["description"] = row.Doc;
        return schema;
    }

    private static JsonNode Json(object value) => value switch
    {
        JsonNode node => node,
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        _ => JsonValue.Create((string)value),
    };
}

/// <summary>One kind of a component: how it is written and what is made of it.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Type">What is made, in the end.</param>
/// <param name="Doc">What it is, in a sentence.</param>
/// <param name="Section">Its parameters.</param>
/// <param name="Make">Makes it; an <see cref="ArgumentException"/> is the reason why it cannot be made.</param>
/// <param name="Parameters">The parameters of one, in the order of the keys; null where it has none, or where it lists them itself.</param>
internal sealed record ComponentRow<T>(
    string Kind, Type Type, string Doc, Section Section, Func<Values, T> Make, Func<T, object?[]>? Parameters = null)
{
    /// <summary>Why it does not go with the other components; null where it does.</summary>
    public Func<T, DiffusionSetup, string?> Refuses { get; init; } = (_, _) => null;

    /// <summary>How one is written.</summary>
    public JsonObject Write(T value) =>
        ComponentKind<T>.Written(Kind,
            Section.Keys.Zip(Parameters?.Invoke(value) ?? [], (key, value) => KeyValuePair.Create(key.Name, value)));
}

/// <summary>A component that was read.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Json">How it is written, with every default filled in.</param>
internal sealed record Component<T>(T Value, JsonObject Json);

/// <summary>Why something does not go together, and what to do about it.</summary>
/// <param name="What">The reason.</param>
/// <param name="Fix">What to do; null where the reason does not say.</param>
internal readonly record struct Refusal(string What, string? Fix)
{
    /// <summary>Takes a reason apart: what to do stands behind its last semicolon.</summary>
    public static Refusal Of(string reason)
    {
        int end = reason.LastIndexOf("; ", StringComparison.Ordinal);
        return end < 0 ? new(reason, null) : new(reason[..end], $"{char.ToUpperInvariant(reason[end + 2])}{reason[(end + 3)..]}.");
    }

    /// <summary>What an exception says, without the names of the code.</summary>
    public static string Reason(ArgumentException refused) => refused.Message.Split(" (Parameter")[0];
}
