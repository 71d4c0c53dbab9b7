
using System.Buffers;
using System.Text.Unicode;
using Bench.Results;

namespace Bench.Data.Corpora;

/// <summary>
/// Reads UTF-8 and stops at the first byte that is not, naming the file and the byte's offset, where a <see cref="StreamReader"/> would go
/// on with U+FFFD.
/// </summary>
/// <param name="stream">The bytes; closed with the reader.</param>
/// <param name="file">The name that errors show.</param>
/// <param name="start">Where the bytes start in the file.</param>
public sealed class Utf8Reader(Stream stream, string file, long start = 0) : TextReader
{
    private readonly byte[] bytes = new byte[1 << 16];
    private readonly char[] characters = new char[1 << 16];
    private int left;     // bytes at the front of bytes that are not decoded yet: the head of a character
    private long offset = start; // of the first byte that is not decoded yet
    private int at;
    private int end;

    /// <inheritdoc/>
    public override int Peek() => at < end || Decode() ? characters[at] : -1;

    /// <inheritdoc/>
    public override int Read() => at < end || Decode() ? characters[at++] : -1;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || (at == end && !Decode()))
            return 0;
        int count = Math.Min(buffer.Length, end - at);
        characters.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    private bool Decode()
    {
        for (; ; )
        {
            int read = stream.ReadAtLeast(bytes.AsSpan(left), 1, throwOnEndOfStream: false);
            bool last = read == 0;
            var undecoded = bytes.AsSpan(0, left + read);
            var status =
                Utf8.ToUtf16(undecoded, characters, out int used, out int written, replaceInvalidSequences: false, isFinalBlock: last);
            if (status == OperationStatus.InvalidData)
                throw NotUtf8(undecoded[used], offset + used);
            undecoded[used..].CopyTo(bytes);
            left = undecoded.Length - used;
            // A byte order mark is no character of the text.
            (at, end) = (offset == 0 && written > 0 && characters[0] == '\uFEFF' ? 1 : 0, written);
            offset += used;
            if (at < end || last)
                return at < end;
        }
    }

    private SuiteException NotUtf8(byte value, long offset) => new(
        $"{file}: byte 0x{value:X2} at offset {offset} is not UTF-8",
        $"Save the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 {Path.GetFileName(file)} > utf8.txt");
}
