using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Bench.Numerics;

namespace Bench.Data;

/// <summary>GPT-2's tokenizer (Radford et al. 2019): a text's UTF-8 bytes, merged within words. One more token, the end mark, stands between texts and comes from none.</summary>
/// <param name="merges">The merges file.</param>
public sealed class BytePairTokenizer(BytePairMerges merges) : ITokenizer
{
    /// <summary>What GPT-2's own vocabulary is called.</summary>
    internal const string Gpt2 = "gpt2";

    private const string Gpt2Merges = "ac33235097fe06d4a8fff0feac994644809e6eb6ab70669e1e9fd40ae032428e";
    private const string EndOfText = EndMarks.Spelling;
    private const byte InNoText = 0xFF; // occurs in no UTF-8
    private const int MostCached = 1 << 17;
    private const int LongestCached = 64;

    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private int _cached;

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new(merges.Hash == Gpt2Merges ? Gpt2 : $"bytepairs-{merges.Hash[..16]}", merges.Symbols + 1);

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>The end mark, <c>&lt;|endoftext|&gt;</c>: the last word.</summary>
    public int Separator => merges.Symbols;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var tokens = new List<int>((text.Length / 4) + 1);
        Append(text, tokens);
        return [.. tokens];
    }

    /// <inheritdoc/>
    public void Encode(TextReader text, TokenSink sink)
    {
        var characters = new char[1 << 16];
        var tokens = new List<int>();
        for (int left = 0; ;)
        {
            int read = text.ReadBlock(characters, left, characters.Length - left);
            var known = characters.AsSpan(0, left + read);
            int cut = known.Length < characters.Length ? known.Length : BytePairWords.LastCut(known);
            tokens.Clear();
            Append(known[..cut], tokens);
            sink(CollectionsMarshal.AsSpan(tokens));
            if (known.Length < characters.Length)
                return;
            if (cut == 0)
                Array.Resize(ref characters, 2 * characters.Length); // one word of 65536 characters or more
            known[cut..].CopyTo(characters);
            left = known.Length - cut;
        }
    }

    /// <summary>The text of words. Bytes that are no UTF-8, as a model may well produce, and masks show as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (Require.Index(token, Vocabulary.Size) < merges.Symbols)
                bytes.AddRange(merges.Bytes(token));
            else if (token == Separator)
                bytes.AddRange(Encoding.UTF8.GetBytes(EndOfText));
            else
                bytes.Add(InNoText);
        }
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Code points that begin in these words: a word may hold the first bytes of a character and the next word the others.</summary>
    public int Characters(ReadOnlySpan<int> tokens)
    {
        int count = 0;
        foreach (int token in tokens)
        {
            if (token >= merges.Symbols)
            {
                count++;
                continue;
            }

            foreach (byte value in merges.Bytes(token))
                count += (value & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private void Append(ReadOnlySpan<char> text, List<int> tokens)
    {
        var known = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int length; !text.IsEmpty; text = text[length..])
        {
            length = BytePairWords.First(text);
            var word = text[..length];
            if (!known.TryGetValue(word, out var found))
            {
                found = Merge(word);
                if (length <= LongestCached && _cached < MostCached && _cache.TryAdd(word.ToString(), found))
                    Interlocked.Increment(ref _cached);
            }
            tokens.AddRange(found);
        }
    }

    private int[] Merge(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        int[] symbols = Array.ConvertAll(bytes, value => PrintableBytes.Numbers[value]);
        return symbols[..GreedyMerging.Merge(symbols, merges)];
    }
}
