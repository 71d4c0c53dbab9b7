using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Bench.Results;
using Bench.Results.Files;
using Microsoft.Win32.SafeHandles;

namespace Bench.Data.Safetensors;

/// <summary>Named tensors in a file of the safetensors format, of any size: the table is read and checked when it is opened, numbers when they are asked for.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int BytesAtOnce = 1 << 20;

    private readonly SafeFileHandle _file;

    private SafetensorsFile(string path, SafeFileHandle file)
    {
        (Path, _file) = (path, file);
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
        SafeFileHandle? file = null;
        try
        {
            InputFile.Require(path);
            file = File.OpenHandle(path);
            return new(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
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
            throw new SuiteException($"{Path}: '{entry.Name}' is of type {entry.Type}, which is no weight", "Weights are F32, F16 or BF16.");
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

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

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
            int read = RandomAccess.Read(_file, into, at);
            if (read == 0)
                throw new SuiteException($"{Path} ends at byte {at}, in the middle of a tensor", "Something else writes to it: wait until it is done.");
            into = into[read..];
            at += read;
        }
    }
}
