using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>An input of a golden case, or a part of one. Converting it to numbers, text or a truth value counts as reading it; asking for
/// its shape or for a part of it does not.</summary>
/// <remarks>What can be read one by one is a property of an object and an element of a list of objects; a nested list of numbers is read as
/// a whole.</remarks>
public sealed class GoldenInput
{
    private readonly JsonElement json;
    private readonly string path;
    private readonly HashSet<string> read;

    private GoldenInput(JsonElement json, string path, HashSet<string> read) => (this.json, this.path, this.read) = (json, path, read);

    /// <summary>The inputs of a case, none of which has been read.</summary>
    public static GoldenInput Of(JsonElement inputs) => new(inputs, "", new(StringComparer.Ordinal));

    /// <summary>Elements of a list.</summary>
    public int Count => json.GetArrayLength();

    public GoldenInput this[int index] => new(json[index], json[index].ValueKind == JsonValueKind.Object ? $"{path}[{index}]" : path, read);

    /// <summary>Names of what has not been read, as <c>noise_params.eps</c> or <c>draws[1].low</c>.</summary>
    public IEnumerable<string> Unread => Leaves(json, path).Where(leaf => !read.Contains(leaf));

    public GoldenInput GetProperty(string name) => new(json.GetProperty(name), path.Length == 0 ? name : $"{path}.{name}", read);

    public bool TryGetProperty(string name, [NotNullWhen(true)] out GoldenInput? value)
    {
        value = json.TryGetProperty(name, out _) ? GetProperty(name) : null;
        return value is not null;
    }

    public IEnumerable<GoldenInput> EnumerateArray() => Enumerable.Range(0, Count).Select(index => this[index]);

    public IEnumerable<(string Name, GoldenInput Value)> EnumerateObject() =>
        json.EnumerateObject().Select(property => (property.Name, GetProperty(property.Name)));

    public double[] Numbers() => GoldenNumbers.Of(Read());

    public double GetDouble() => Read().GetDouble();

    public int GetInt32() => Read().GetInt32();

    public string? GetString() => Read().GetString();

    public bool GetBoolean() => Read().GetBoolean();

    /// <summary>A number, or null where the file says null.</summary>
    public double? NumberOrNull() => Read() is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : null;

    public long[] Shape() => GoldenNumbers.Shape(json);

    /// <summary>A float64 tensor of the list's shape.</summary>
    public Tensor Real() => tensor(Numbers(), Shape());

    /// <summary>An int64 tensor of the list's shape.</summary>
    public Tensor Whole() => tensor(Array.ConvertAll(Numbers(), number => (long)number), Shape());

    private static IEnumerable<string> Leaves(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .SelectMany(property => Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
        JsonValueKind.Array when json.EnumerateArray().Any(element => element.ValueKind == JsonValueKind.Object) =>
            json.EnumerateArray().Index().SelectMany(element => Leaves(element.Item, $"{path}[{element.Index}]")),
        // An empty list of draws says that there are none.
        JsonValueKind.Array when json.GetArrayLength() == 0 => [],
        _ => [path],
    };

    private JsonElement Read()
    {
        read.Add(path);
        return json;
    }
}
