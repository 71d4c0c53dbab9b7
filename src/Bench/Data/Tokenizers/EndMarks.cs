using Bench.Results.Files;

namespace Bench.Data.Tokenizers;

/// <summary>Where one document of a file ends and the next begins: a line of its own that says <see cref="Spelling"/>.</summary>
internal static class EndMarks
{
    /// <summary>How GPT-2's vocabulary spells the token between two texts.</summary>
    public const string Spelling = "<|endoftext|>";

    private const int Read = 1 << 20;

    /// <summary>
    /// The documents of a file, as ranges of bytes, without the lines with the mark and the line breaks before them. A file without marks
    /// is one document.
    /// </summary>
    public static IEnumerable<(long Start, long End)> Documents(string file)
    {
        long start = 0;
        foreach (var (end, next) in Lines(file))
        {
            if (end > start)
                yield return (start, end);
            start = next;
        }

        yield return (start, long.MaxValue);
    }

    // Of each line with the mark: where the text before it ends, and where the next line begins.
    private static IEnumerable<(long End, long Next)> Lines(string file)
    {
        byte[] mark = "<|endoftext|>"u8.ToArray(), bytes = new byte[Read];
        using var stream = InputFile.Open(file);
        int kept = 0; // bytes at the front of the buffer that were read before: a line may lie across two readings
        int from = 0;
        for (long at = 0; ; at += Read - kept)
        {
            int count = kept + stream.ReadAtLeast(bytes.AsSpan(kept), Read - kept, throwOnEndOfStream: false);
            bool ends = count < Read;
            for (; bytes.AsSpan(from, count - from).IndexOf(mark) is var found and >= 0; from += found + mark.Length)
            {
                int first = from + found, behind = first + mark.Length;
                if (behind + 2 > count && !ends)
                    break; // what follows it is not read yet
                if (at + first > 0 && bytes[first - 1] != '\n')
                    continue;
                if (behind < count && bytes[behind] == '\r')
                    behind++;
                if (behind < count && bytes[behind] != '\n')
                    continue;
                int end = first > 0 ? first - 1 : 0;
                if (end > 0 && bytes[end - 1] == '\r')
                    end--;
                yield return (at + end, at + Math.Min(behind + 1, count));
            }

            if (ends)
                yield break;
            kept = mark.Length + 4; // a mark that is not whole, what follows it, and a line break before it
            from = Math.Max(0, from - (count - kept));
            bytes.AsSpan(count - kept, kept).CopyTo(bytes);
        }
    }
}
