using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bench.Results.Runs;

/// <summary>A fully resolved definition: what <c>definition.json</c> holds.</summary>
public sealed class RunDefinition
{
    private static readonly string[] Descriptive = ["title", "paper", "question", "cites", "varied", "assumed", "reported"];

    private readonly JsonElement root;

    private RunDefinition(JsonElement root)
    {
        this.root = root;
        Canonical = CanonicalJson.Compact(root);
        Measured = CanonicalJson.Compact(
            JsonSerializer.SerializeToElement(
                root.EnumerateObject().Where(p => !IsDescriptive(p.Name)).ToDictionary(p => p.Name, p => p.Value)));
        Experiment = Required("experiment");
        Method = Required("method");
    }

    /// <summary>One line with sorted keys.</summary>
    public string Canonical { get; }

    /// <summary>The same without descriptive texts such as titles: what numbers depend on, and what the id is the hash of.</summary>
    public string Measured { get; }

    public string Experiment { get; }
    public string Method { get; }
    public string Title => Text("title") ?? Method;
    public string Paper => Text("paper") ?? "";
    public string Question => Text("question") ?? "";
    public string Corpus => Text("data.corpus") ?? "";
    public string DataHash => Text("data.hash") ?? "";
    public long Seed => (long)(Number("seed") ?? 0);

    /// <summary>
    /// The swept keys of this run and their values as they are written, by key; none outside a sweep. The seed is not one: it is swept to
    /// be averaged over.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Varied => At("varied") is { ValueKind: JsonValueKind.Object } swept
        ? swept.EnumerateObject()
            .Where(p => p.Name != "seed")
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(
                p => new KeyValuePair<string, string>(p.Name,
                    p.Value.ValueKind is JsonValueKind.String ? p.Value.GetString()! : CanonicalJson.Compact(p.Value)))
        : [];

    /// <summary>The n of an n-gram baseline named <c>ngram-n</c>; null for every other method.</summary>
    public int? NGramOrder =>
        Method.StartsWith("ngram-", StringComparison.Ordinal)
            && int.TryParse(Method.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;

    /// <summary>Reads a definition.</summary>
    /// <exception cref="SuiteException">The text is not a JSON object, or a key is there twice.</exception>
    public static RunDefinition Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement.Clone());
        }
        catch (JsonException broken)
        {
            throw Unusable(broken.Message, broken);
        }
    }

    /// <summary>The definition that a plan resolved to. The node is read now; later changes to it change nothing here.</summary>
    public static RunDefinition From(JsonNode definition) => Of(JsonSerializer.SerializeToElement(definition));

    /// <summary>
    /// Whether a dotted path leads to a descriptive text, such as a title, on which no number depends: its correction must not train the
    /// run anew.
    /// </summary>
    public static bool IsDescriptive(string path) => Descriptive.Contains(path.Split('.')[0], StringComparer.Ordinal);

    /// <summary>The text at a dotted path such as <c>data.corpus</c>; numbers and flags as they are written; null when absent.</summary>
    public string? Text(string path) => At(path) is not { } found
        ? null
        : found.ValueKind is JsonValueKind.String ? found.GetString() : CanonicalJson.Compact(found);

    /// <summary>The number at a dotted path, or null.</summary>
    public double? Number(string path) => At(path) is { ValueKind: JsonValueKind.Number } found ? found.GetDouble() : null;

    /// <summary>Every value with its dotted path, in canonical order. A list is one value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Leaves() => Leaves(root, "");

    /// <inheritdoc/>
    public override string ToString() => CanonicalJson.Indented(root);

    private static RunDefinition Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Unusable($"it is a JSON {root.ValueKind}, not an object", null);
        try
        {
            return new RunDefinition(root);
        }
        catch (FormatException broken)
        {
            throw Unusable(broken.Message, broken);
        }
    }

    private static SuiteException Unusable(string why, Exception? inner) =>
        new($"This run definition cannot be read: {why.TrimEnd('.')}.", "Delete the run's folder and run the experiment again.", inner);

    private static IEnumerable<KeyValuePair<string, string>> Leaves(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return [new(path, value.ValueKind is JsonValueKind.String ? value.GetString()! : CanonicalJson.Compact(value))];
        return value.EnumerateObject()
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}"));
    }

    private JsonElement? At(string path)
    {
        var here = root;
        foreach (string key in path.Split('.'))
        {
            if (here.ValueKind != JsonValueKind.Object || !here.TryGetProperty(key, out here))
                return null;
        }

        return here.ValueKind is JsonValueKind.Null ? null : here;
    }

    private string Required(string path) => Text(path) ?? throw Unusable($"the key '{path}' is missing", null);
}

/// <summary>The name of a run: equal for equal definitions on equal data, whatever the order of keys or the spelling of numbers.</summary>
public static class RunId
{
    /// <summary>
    /// The first 16 hexadecimal digits of SHA-256 over the canonical definition without its descriptive texts, a line feed, and the data's
    /// hash.
    /// </summary>
    public static string Of(RunDefinition definition, string dataHash) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{definition.Measured}\n{dataHash}")))[..16];
}
