using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Data.Tokenizers;

/// <summary>
/// Lower-case letters and the space, as in text8: A-Z become a-z, a digit becomes its English word between spaces, anything else a space;
/// runs of spaces shrink to one and the ends are trimmed. The space is 0, a is 1, z is 26. One token is one character.
/// </summary>
public sealed class Alphabet27 : ITokenizer
{
    private const string Signs = " abcdefghijklmnopqrstuvwxyz_"; // the last one shows the mask
    private const int MostTokensPerCharacter = 6;                // a space and "three"
    private static readonly ImmutableArray<int[]> Digits =
        [.. new[] { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" }
            .Select(word => word.Select(c => c - 'a' + 1).ToArray())];

    private Alphabet27()
    {
    }

    /// <summary>The tokenizer; it has no state.</summary>
    public static Alphabet27 Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new("alphabet27", 27);

    /// <inheritdoc/>
    public bool IsCharacterwise => true;

    /// <inheritdoc/>
    public int Separator => 0;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var tokens = new int[text.Length * MostTokensPerCharacter];
        bool started = false, gap = false;
        return tokens[..Encode(text, tokens, ref started, ref gap)];
    }

    /// <inheritdoc/>
    public void Encode(TextReader text, TokenSink sink)
    {
        var characters = new char[1 << 15];
        var tokens = new int[characters.Length * MostTokensPerCharacter];
        bool started = false, gap = false;
        for (int read = text.ReadBlock(characters); read > 0; read = text.ReadBlock(characters))
            sink(tokens.AsSpan(0, Encode(characters.AsSpan(0, read), tokens, ref started, ref gap)));
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new char[tokens.Length];
        for (int i = 0; i < text.Length; i++)
            text[i] = Signs[Require.Index(tokens[i], Signs.Length)];
        return new string(text);
    }

    // started: a letter has been written; gap: a space is due before the next one. Both survive from piece to piece of a text.
    private static int Encode(ReadOnlySpan<char> text, Span<int> into, ref bool started, ref bool gap)
    {
        int count = 0;
        foreach (char c in text)
        {
            int letter = (c | 0x20) - 'a';
            bool isDigit = char.IsAsciiDigit(c);
            if ((uint)letter >= 26 && !isDigit)
            {
                gap = true;
                continue;
            }
            if (started && (gap || isDigit))
                into[count++] = 0;
            started = true;
            gap = isDigit;
            if (!isDigit)
            {
                into[count++] = letter + 1;
                continue;
            }
            var word = Digits[c - '0'];
            word.CopyTo(into[count..]);
            count += word.Length;
        }
        return count;
    }
}
