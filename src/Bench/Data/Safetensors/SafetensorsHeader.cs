using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Bench.Results;

namespace Bench.Data.Safetensors;

/// <summary>Reads the table at the start of a safetensors file: eight bytes of length (little-endian), then JSON, name to type, shape and place; the data follow.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The bytes before the JSON.</summary>
    public const int LengthBytes = 8;

    private const long MostBytes = 100_000_000; // the format's own limit

    private static readonly FrozenDictionary<string, int> Widths = new Dictionary<string, int>
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E4M3"] = 1, ["F8_E5M2"] = 1, ["U16"] = 2, ["I16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["U32"] = 4, ["I32"] = 4, ["F32"] = 4, ["U64"] = 8, ["I64"] = 8, ["F64"] = 8,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many bytes the JSON takes.</summary>
    /// <exception cref="SuiteException">More than there are.</exception>
    public static int CheckLength(ulong length, long fileLength, string path) =>
        length is > 1 and <= MostBytes && (long)length <= fileLength - LengthBytes
            ? (int)length
            : throw Wrong(path, $"its first {LengthBytes} bytes announce a table of {length} bytes, but the file has {fileLength} bytes");

    /// <summary>The tensors in the order of their data.</summary>
    /// <param name="json">The table.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="path">The name that errors show.</param>
    /// <exception cref="SuiteException">The table is damaged, or the data are not where it says.</exception>
    public static ImmutableArray<SafetensorsEntry> Read(ReadOnlyMemory<byte> json, long fileLength, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            ImmutableArray<SafetensorsEntry> entries =
            [
                .. document.RootElement.EnumerateObject()
                    .Where(property => property.Name != "__metadata__")
                    .Select(property => Entry(property, LengthBytes + json.Length, path))
                    .OrderBy(entry => entry.Start).ThenBy(entry => entry.End),
            ];
            CheckPlaces(entries, LengthBytes + json.Length, fileLength, path);
            return entries;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Wrong(path, $"its table is no JSON object of tensors ({error.Message})", error);
        }
    }

    private static SafetensorsEntry Entry(JsonProperty property, long dataStart, string path)
    {
        try
        {
            var (type, shape, place) = (property.Value.GetProperty("dtype"), property.Value.GetProperty("shape"), property.Value.GetProperty("data_offsets"));
            var entry = new SafetensorsEntry(
                property.Name, type.GetString() ?? "", Numbers(shape), checked(dataStart + place[0].GetInt64()), checked(dataStart + place[1].GetInt64()));
            if (entry.Shape.Any(size => size < 0) || place.GetArrayLength() != 2 || entry.Start < dataStart || entry.End < entry.Start)
                throw new FormatException("a size or a place is impossible");
            if (Widths.TryGetValue(entry.Type, out int width) && checked(entry.Count * width) != entry.End - entry.Start)
                throw new FormatException($"{entry.Type} [{string.Join(", ", entry.Shape)}] takes {entry.Count * width} bytes, but the table gives it {entry.End - entry.Start}");
            return entry;
        }
        catch (Exception error) when (error is FormatException or OverflowException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw Wrong(path, $"its table describes '{property.Name}' wrongly: {error.Message}", error);
        }
    }

    // The format leaves no gap: so no two tensors share bytes, and a file that was cut off is noticed.
    private static void CheckPlaces(ImmutableArray<SafetensorsEntry> entries, long dataStart, long fileLength, string path)
    {
        long end = dataStart;
        foreach (var entry in entries)
        {
            if (entry.Start != end)
                throw Wrong(path, $"'{entry.Name}' starts at byte {entry.Start}, but what is before it ends at byte {end}");
            end = entry.End;
            if (end > fileLength)
                throw Wrong(path, $"'{entry.Name}' ends at byte {end}, but the file has {fileLength} bytes");
        }
        if (end != fileLength)
            throw Wrong(path, $"its last tensor ends at byte {end}, but the file has {fileLength} bytes");
    }

    private static ImmutableArray<long> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt64())];

    private static SuiteException Wrong(string path, string what, Exception? inner = null) =>
        new($"{path} is no whole safetensors file: {what}", "Download it again, or name another file.", inner);
}
