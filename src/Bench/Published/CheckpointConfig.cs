using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bench.Results;
using Bench.Results.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bench.Published;

/// <summary>
/// The configuration that lies in or beside a checkpoint, as dotted keys and texts: config.json, a Hydra config.yaml, or omegaconf objects
/// of a pickle. Interpolations of plain keys are followed; any other expression stays a text and is never evaluated.
/// </summary>
public sealed partial class CheckpointConfig
{
    private const int MostBytes = 1 << 22, MostValues = 1 << 16, MostDepth = 32, MostLinks = 8;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private int visited;

    private CheckpointConfig(string source) => Source = source;

    /// <summary>Where it was read, for messages.</summary>
    public string Source { get; }

    /// <summary>No configuration.</summary>
    internal static CheckpointConfig None { get; } = new("no configuration");

    /// <summary>Whether there is any value.</summary>
    public bool IsEmpty => values.Count == 0;

    /// <summary>The value of the first of several keys that is there; null where none is.</summary>
    public string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (values.ContainsKey(key))
                return Resolved(key);
        }

        return null;
    }

    /// <summary>As <see cref="Text"/>, a whole number.</summary>
    /// <exception cref="SuiteException">It is something else.</exception>
    public int? Integer(params ReadOnlySpan<string> keys) => Parsed<int>(
        keys, "a whole number",
        text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null);

    /// <summary>As <see cref="Text"/>, a number.</summary>
    /// <exception cref="SuiteException">It is something else.</exception>
    public double? Number(params ReadOnlySpan<string> keys) => Parsed<double>(
        keys, "a number",
        text => double.TryParse(text, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null);

    /// <summary>As <see cref="Text"/>, true or false.</summary>
    /// <exception cref="SuiteException">It is something else.</exception>
    public bool? Truth(params ReadOnlySpan<string> keys) =>
        Parsed<bool>(keys, "true or false", text => bool.TryParse(text, out bool value) ? value : null);

    /// <summary>Reads config.json or config.yaml.</summary>
    /// <exception cref="SuiteException">It cannot be read.</exception>
    internal static CheckpointConfig Read(string path)
    {
        var config = new CheckpointConfig(path);
        string text = InputFile.ReadText(path, MostBytes);
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                using var document = JsonDocument.Parse(text, new() { AllowDuplicateProperties = false });
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                    throw new FormatException("it is no JSON object");
                config.Add("", document.RootElement);
            }
            else
            {
                var parser = new Parser(new StringReader(text));
                parser.Consume<StreamStart>();
                if (parser.TryConsume<DocumentStart>(out _))
                    config.Add("", parser, 0);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or YamlException)
        {
            throw new SuiteException($"{path} cannot be read as the checkpoint's configuration: {error.Message}", "Download it again.",
                error);
        }

        return config;
    }

    /// <summary>Reads what a Lightning checkpoint keeps under hyper_parameters.config.</summary>
    /// <exception cref="FormatException">It is nested too deeply, or too large.</exception>
    internal static CheckpointConfig Of(string source, object? hyperParameters)
    {
        var config = new CheckpointConfig(source);
        config.Add("", hyperParameters, 0);
        return config;
    }

    private void Set(string key, string value)
    {
        if (values.Count >= MostValues)
            throw new FormatException($"more than {MostValues} values");
        if (!values.TryAdd(key, value))
            throw new FormatException($"the key '{key}' is there twice");
    }

    private void Add(string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
                Add(Below(key, property.Name), property.Value);
        }
        else if (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            Set(key, value.ToString());
        }
    }

    private void Add(string key, Parser parser, int depth)
    {
        if (depth > MostDepth)
            throw new FormatException($"'{key}' is nested more than {MostDepth} deep");
        if (parser.TryConsume<MappingStart>(out _))
        {
            while (!parser.TryConsume<MappingEnd>(out _))
                Add(Below(key, parser.Consume<Scalar>().Value), parser, depth + 1);
        }
        else if (parser.TryConsume<Scalar>(out var scalar))
        {
            if (!(scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "null" or "~"))
                Set(key, scalar.Value);
        }
        else if (parser.Accept<SequenceStart>(out _))
        {
            parser.SkipThisAndNestedEvents(); // no list says anything of the network
        }
        else
        {
            throw new FormatException($"'{key}' is neither a value nor a section (aliases are not read)");
        }
    }

    // A dictionary, an omegaconf container (its entries stand under _content), or an omegaconf value (under _val).
    private void Add(string key, object? value, int depth)
    {
        // Values of a pickle may hold one another many times over, without taking space.
        if (depth > MostDepth || ++visited > MostValues)
            throw new FormatException($"'{key}' is nested more than {MostDepth} deep, or there are more than {MostValues} values");
        switch (value)
        {
            case PickleObject { State: PickleDict state } when state.Has("_content"):
                Add(key, state["_content"], depth + 1);
                break;
            case PickleObject { State: PickleDict state } when state.Has("_val"):
                Add(key, state["_val"], depth + 1);
                break;
            case PickleDict dictionary:
                foreach (var (name, entry) in dictionary.Entries)
                {
                    if (name is string text)
                        Add(Below(key, text), entry, depth + 1);
                }

                break;
            case string or long or double or bool:
                Set(key, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
        }
    }

    private static string Below(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    private string Resolved(string key)
    {
        string value = values[key];
        for (int links = 0; Link().Match(value) is { Success: true } link; links++)
        {
            string name = link.Groups["name"].Value;
            string parent = key;
            for (; name.StartsWith('.'); name = name[1..])
                parent = parent.LastIndexOf('.') is >= 0 and var end ? parent[..end] : "";
            string target = link.Groups["name"].Value.StartsWith('.') ? Below(parent, name) : name;
            if (links >= MostLinks || !values.TryGetValue(target, out string? next))
                break;
            (key, value) = (target, next);
        }

        return value;
    }

    private T? Parsed<T>(ReadOnlySpan<string> keys, string what, Func<string, T?> parse)
        where T : struct
    {
        foreach (string key in keys)
        {
            if (values.ContainsKey(key))
            {
                return parse(Resolved(key)) ?? throw new SuiteException(
                    $"{Source}: {key} is '{Resolved(key)}', which should be {what}",
                    "Correct it in a copy of the file; expressions are not evaluated.");
            }
        }

        return null;
    }

    [GeneratedRegex(@"^\$\{(?<name>\.*[A-Za-z0-9_][A-Za-z0-9_.]*)\}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
