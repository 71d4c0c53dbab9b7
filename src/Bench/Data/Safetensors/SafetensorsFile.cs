
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bench.Results;
using Bench.Results.Files;
using Microsoft.Win32.SafeHandles;

namespace Bench.Data.Safetensors;

/// <summary>
/// Named tensors in a file of the safetensors format, of any size: the table is read and checked when it is opened, numbers when they are
/// asked for.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int BytesAtOnce = 1 << 20;

    private readonly SafeFileHandle file;

    private SafetensorsFile(string path, SafeFileHandle file)
    {
        (Path, this.file) = (path, file);
        long length = RandomAccess.GetLength(file);
        var prefix = new byte[Math.Min(SafetensorsHeader.LengthBytes, length)];
        ReadExactly(prefix, 0);
        ulong announced = prefix.Length < SafetensorsHeader.LengthBytes ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var table = new byte[SafetensorsHeader.CheckLength(announced, length, path)];
        ReadExactly(table, SafetensorsHeader.LengthBytes);
        Tensors = SafetensorsHeader.Read(table, length, path).ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public FrozenDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Opens a file and checks its table: every tensor is where the table says, and the file is whole.</summary>
    /// <exception cref="SuiteException">It cannot be read, or it is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            InputFile.Require(path);
            handle = File.OpenHandle(path);
            return new(path, handle);
        }
        catch (Exception error)
        {
            handle?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new SuiteException($"{path} cannot be read: {error.Message}", "Name a file that can be read.", error);
            throw;
        }
    }

    /// <summary>Reads a tensor's numbers; half precisions become floats exactly.</summary>
    /// <param name="entry">One of <see cref="Tensors"/> that <see cref="SafetensorsEntry.IsReal"/>.</param>
    /// <param name="into">As many as it has elements.</param>
    /// <exception cref="SuiteException">Its elements are no floats, or the file became shorter since it was opened.</exception>
    public void Read(SafetensorsEntry entry, Span<float> into)
    {
        if (into.Length != entry.Count)
            throw new ArgumentException($"'{entry.Name}' has {entry.Count} elements, not {into.Length}", nameof(into));
        if (!entry.IsReal)
            throw new SuiteException($"{Path}: '{entry.Name}' is of type {entry.Type}, which is no weight",
                "Weights are F32, F16 or BF16.");
        if (entry.Type == "F32")
        {
            ReadExactly(MemoryMarshal.AsBytes(into), entry.Start);
            return;
        }

        var buffer = new byte[Math.Min(BytesAtOnce, entry.End - entry.Start)];
        for (long at = entry.Start; at < entry.End;)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.End - at));
            ReadExactly(bytes, at);
            int count = bytes.Length / 2;
            if (entry.Type == "F16")
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), into[..count]);
            else
                Widen(MemoryMarshal.Cast<byte, ushort>(bytes), into[..count]);
            into = into[count..];
            at += bytes.Length;
        }
    }

    /// <summary>Reads a tensor's bytes as they are stored, little-endian.</summary>
    /// <param name="entry">One of <see cref="Tensors"/>.</param>
    /// <param name="into">As many bytes as it has.</param>
    /// <exception cref="SuiteException">The file became shorter since it was opened.</exception>
    public void ReadBytes(SafetensorsEntry entry, Span<byte> into) =>
        ReadExactly(into[..checked((int)(entry.End - entry.Start))], entry.Start);

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    // BF16 is the upper half of a float.
    private static void Widen(ReadOnlySpan<ushort> halves, Span<float> into)
    {
        for (int i = 0; i < halves.Length; i++)
            into[i] = BitConverter.Int32BitsToSingle(halves[i] << 16);
    }

    private void ReadExactly(Span<byte> into, long at)
    {
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(file, into, at);
            if (read == 0)
                throw new SuiteException($"{Path} ends at byte {at}, in the middle of a tensor",
                    "Something else writes to it: wait until it is done.");
            into = into[read..];
            at += read;
        }
    }
}

/// <summary>
/// Reads the table at the start of a safetensors file: eight bytes of length (little-endian), then JSON, name to type, shape and place; the
/// data follow.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The bytes before the JSON.</summary>
    public const int LengthBytes = 8;

    private const long MostBytes = 100_000_000; // the format's own limit

    /// <summary>Bytes of an element by the name of its type: all types of the format.</summary>
    public static FrozenDictionary<string, int> ElementBytes { get; } = new Dictionary<string, int>
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
            var (type, shape, place) = (property.Value.GetProperty("dtype"), property.Value.GetProperty("shape"),
                property.Value.GetProperty("data_offsets"));
            var entry = new SafetensorsEntry(
                property.Name, type.GetString() ?? "", Numbers(shape), checked(dataStart + place[0].GetInt64()),
                checked(dataStart + place[1].GetInt64()));
            if (entry.Shape.Any(size => size < 0) || place.GetArrayLength() != 2 || entry.Start < dataStart || entry.End < entry.Start)
                throw new FormatException("a size or a place is impossible");
            if (ElementBytes.TryGetValue(entry.Type, out int width) && checked(entry.Count * width) != entry.End - entry.Start)
                throw new FormatException(
                    $"{entry.Type} [{string.Join(", ", entry.Shape)}] takes {entry.Count * width} bytes, but the table gives it "
                        + $"{entry.End - entry.Start}");
            return entry;
        }
        catch (Exception error) when (error is FormatException or OverflowException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException)
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

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">For example <c>h.0.attn.c_attn.weight</c>.</param>
/// <param name="Type">The element type as the file writes it: F32, F16, BF16, I64, ...</param>
/// <param name="Shape">Sizes, the last dimension contiguous.</param>
/// <param name="Start">Where its bytes start in the file.</param>
/// <param name="End">Where they end.</param>
public sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<long> Shape, long Start, long End)
{
    /// <summary>How many elements it has.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => checked(count * size));

    /// <summary>Whether its elements are numbers that <see cref="SafetensorsFile.Read"/> gives: F32, F16 or BF16.</summary>
    public bool IsReal => Type is "F32" or "F16" or "BF16";
}
