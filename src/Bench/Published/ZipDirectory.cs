using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Bench.Results;
using Microsoft.Win32.SafeHandles;

namespace Bench.Published;

/// <summary>A record of a zip archive that is stored without compression.</summary>
/// <param name="Name">Its name, with slashes.</param>
/// <param name="Start">The first byte of its content in the file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Crc">CRC-32 of the content, as the directory states it.</param>
internal sealed record ZipRecord(string Name, long Start, long Length, uint Crc);

/// <summary>
/// The directory of a zip archive as torch.save writes it (PKWARE APPNOTE 6.3, zip64 included). Everything that torch never writes is
/// refused: compression, encryption, overlapping records, duplicate names, and names that lead out of the archive.
/// </summary>
internal static class ZipDirectory
{
    private const string Fix = "Download the file again; if it stays so, save it again with torch.save.";
    private const int EndBytes = 22, LocatorBytes = 20, End64Bytes = 56, EntryBytes = 46, LocalBytes = 30;
    private const int MostRecords = 1 << 17, MostName = 512;
    private const long MostDirectory = 1L << 26;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads and checks the directory.</summary>
    /// <exception cref="SuiteException">The archive is damaged, or holds what torch.save does not write.</exception>
    public static ImmutableArray<ZipRecord> Read(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        var (count, start, bytes, end) = Locate(file, length, path);
        if (count > MostRecords || bytes > MostDirectory || start < 0 || bytes < 0 || start > end || bytes > end - start)
            throw Wrong(path, $"its directory of {count} records and {bytes} bytes at byte {start} does not lie within the file");
        byte[] directory = Bytes(file, start, (int)bytes, path);
        var records = ImmutableArray.CreateBuilder<ZipRecord>();
        var places = new List<(long From, long To, string Name)>();
        HashSet<string> names = new(StringComparer.Ordinal);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            var record = Entry(file, directory, ref at, start, path, out long header);
            if (!names.Add(record.Name))
                throw Wrong(path, $"it holds the record '{record.Name}' twice");
            places.Add((header, record.Start + record.Length, record.Name));
            records.Add(record);
        }

        places.Sort();
        for (int i = 1; i < places.Count; i++)
        {
            if (places[i].From < places[i - 1].To)
                throw Wrong(path, $"the records '{places[i - 1].Name}' and '{places[i].Name}' overlap at byte {places[i].From}");
        }

        return records.ToImmutable();
    }

    /// <summary>Fills a buffer from the file.</summary>
    public static void ReadExactly(SafeFileHandle file, Span<byte> into, long at, string path)
    {
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(file, into, at);
            if (read == 0)
                throw Wrong(path, $"it ends at byte {at}");
            into = into[read..];
            at += read;
        }
    }

    // Entries, place and size of the directory, and where it ends at the latest.
    private static (long Count, long Start, long Bytes, long End) Locate(SafeFileHandle file, long length, string path)
    {
        int tail = (int)Math.Min(length, EndBytes + ushort.MaxValue);
        byte[] bytes = Bytes(file, length - tail, tail, path);
        for (int at = tail - EndBytes; at >= 0; at--)
        {
            var end = bytes.AsSpan(at);
            if (U32(end) != 0x06054B50 || U16(end[20..]) != end.Length - EndBytes)
                continue;
            long place = length - tail + at;
            if (place < LocatorBytes + End64Bytes)
                return (U16(end[10..]), U32(end[16..]), U32(end[12..]), place);
            byte[] locator = Bytes(file, place - LocatorBytes, LocatorBytes, path);
            if (U32(locator) != 0x07064B50)
                return (U16(end[10..]), U32(end[16..]), U32(end[12..]), place);
            long at64 = I64(locator.AsSpan(8), path);
            if (at64 > place - LocatorBytes - End64Bytes)
                throw Wrong(path, $"its zip64 directory end is said to be at byte {at64}");
            byte[] end64 = Bytes(file, at64, End64Bytes, path);
            if (U32(end64) != 0x06064B50)
                throw Wrong(path, $"there is no zip64 directory end at byte {at64}");
            return (I64(end64.AsSpan(32), path), I64(end64.AsSpan(48), path), I64(end64.AsSpan(40), path), at64);
        }

        throw Wrong(path, "it has no zip directory at its end: it was cut off, or is no such file");
    }

    private static ZipRecord Entry(SafeFileHandle file, byte[] directory, ref int at, long dataEnd, string path, out long header)
    {
        var entry = directory.AsSpan(at);
        if (entry.Length < EntryBytes || U32(entry) != 0x02014B50)
            throw Wrong(path, $"its directory is damaged {at} bytes after its start");
        int name = U16(entry[28..]), extra = U16(entry[30..]), comment = U16(entry[32..]);
        if (entry.Length < EntryBytes + name + extra + comment)
            throw Wrong(path, "its directory is cut off");
        string text = Name(entry.Slice(EntryBytes, name), path);
        long packed = U32(entry[20..]), length = U32(entry[24..]);
        header = U32(entry[42..]);
        Extend(entry.Slice(EntryBytes + name, extra), ref length, ref packed, ref header, path);
        at += EntryBytes + name + extra + comment;

        if ((U16(entry[8..]) & 0x2041) != 0)
            throw Wrong(path, $"its record '{text}' is encrypted");
        if (U16(entry[10..]) != 0 || packed != length)
            throw Wrong(path, $"its record '{text}' is compressed ({packed} bytes for {length}), and torch.save compresses nothing");
        if (header > dataEnd - LocalBytes)
            throw Wrong(path, $"its record '{text}' is said to start at byte {header}");
        byte[] local = Bytes(file, header, LocalBytes, path);
        if (U32(local) != 0x04034B50 || U16(local.AsSpan(26)) != name)
            throw Wrong(path, $"its record '{text}' does not start at byte {header}, where the directory has it");
        if (!Bytes(file, header + LocalBytes, name, path).AsSpan().SequenceEqual(entry.Slice(EntryBytes, name)))
            throw Wrong(path, $"its record '{text}' has another name at byte {header}");
        long start = header + LocalBytes + name + U16(local.AsSpan(28));
        return length <= dataEnd - start
            ? new ZipRecord(text, start, length, U32(entry[16..]))
            : throw Wrong(path, $"its record '{text}' of {length} bytes at byte {start} runs into the directory");
    }

    // What 32 bits cannot hold stands in the zip64 field, in this order.
    private static void Extend(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long header, string path)
    {
        while (extra.Length >= 4)
        {
            int size = U16(extra[2..]);
            if (size > extra.Length - 4)
                throw Wrong(path, "an extra field of its directory is cut off");
            var field = extra.Slice(4, size);
            if (U16(extra) == 1)
            {
                Take(ref length, ref field, path);
                Take(ref packed, ref field, path);
                Take(ref header, ref field, path);
            }

            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref long value, ref ReadOnlySpan<byte> field, string path)
    {
        if (value != uint.MaxValue)
            return;
        if (field.Length < 8)
            throw Wrong(path, "a zip64 field of its directory is cut off");
        value = I64(field, path);
        field = field[8..];
    }

    private static string Name(ReadOnlySpan<byte> bytes, string path)
    {
        string name;
        try
        {
            name = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(path, "a record's name is not UTF-8");
        }

        bool isLocal = name.Length is > 0 and <= MostName && !name.Any(letter => char.IsControl(letter) || letter is '\\' or ':')
            && name.Split('/').All(part => part is not ("" or "." or ".."));
        return isLocal ? name : throw Wrong(path, $"it holds a record named '{name}', which is no name within an archive");
    }

    private static byte[] Bytes(SafeFileHandle file, long at, int count, string path)
    {
        byte[] bytes = new byte[count];
        ReadExactly(file, bytes, at, path);
        return bytes;
    }

    private static ushort U16(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt16LittleEndian(from);

    private static uint U32(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt32LittleEndian(from);

    private static long I64(ReadOnlySpan<byte> from, string path) =>
        BinaryPrimitives.ReadInt64LittleEndian(from) is >= 0 and var value
            ? value
            : throw Wrong(path, "its directory holds a number beyond 2^63");

    private static SuiteException Wrong(string path, string what) => new($"{path} is no whole torch.save archive: {what}", Fix);
}

/// <summary>CRC-32 as zip uses it (ISO 3309), polynomial EDB88320.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <summary>The checksum of all bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
            crc = Table[(byte)(crc ^ next)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Entry(int index)
    {
        uint value = (uint)index;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    }
}
