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
    private readonly byte[] _bytes = new byte[1 << 16];
    private readonly char[] _characters = new char[1 << 16];
    private int _left;     // bytes at the front of _bytes that are not decoded yet: the head of a character
    private long _offset = start; // of the first byte that is not decoded yet
    private int _at;
    private int _end;

    /// <inheritdoc/>
    public override int Peek() => _at < _end || Decode() ? _characters[_at] : -1;

    /// <inheritdoc/>
    public override int Read() => _at < _end || Decode() ? _characters[_at++] : -1;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || (_at == _end && !Decode()))
            return 0;
        int count = Math.Min(buffer.Length, _end - _at);
        _characters.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
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
            int read = stream.ReadAtLeast(_bytes.AsSpan(_left), 1, throwOnEndOfStream: false);
            bool last = read == 0;
            var bytes = _bytes.AsSpan(0, _left + read);
            var status =
                Utf8.ToUtf16(bytes, _characters, out int used, out int written, replaceInvalidSequences: false, isFinalBlock: last);
            if (status == OperationStatus.InvalidData)
                throw NotUtf8(bytes[used], _offset + used);
            bytes[used..].CopyTo(_bytes);
            _left = bytes.Length - used;
            // A byte order mark is no character of the text.
            (_at, _end) = (_offset == 0 && written > 0 && _characters[0] == '\uFEFF' ? 1 : 0, written);
            _offset += used;
            if (_at < _end || last)
                return _at < _end;
        }
    }

    private SuiteException NotUtf8(byte value, long offset) => new(
        $"{file}: byte 0x{value:X2} at offset {offset} is not UTF-8",
        $"Save the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 {Path.GetFileName(file)} > utf8.txt");
}
