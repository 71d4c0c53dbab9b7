using System.Collections.Immutable;
using System.Globalization;

namespace Bench.Data.Tokenizers;

/// <summary>The tokenizers that read texts, by the names that definitions give them.</summary>
public static class TextTokenizers
{
    /// <summary>How vocabularies that are cut short are written, with N tokens (<see cref="BytePairTokenizer.OfSize"/>).</summary>
    public const string Sizes = "gpt2-N";

    private const string Prefix = "gpt2-";

    /// <summary>Those that have one size, the usual one first.</summary>
    public static ImmutableArray<ITokenizer> Usual { get; } = [Alphabet27.Instance, BytePairTokenizer.Gpt2, WithPadding.Gpt2];

    /// <summary>Names to choose from, as messages list them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Usual.Select(tokenizer => tokenizer.Name), Sizes];

    /// <summary>The tokenizer of a name; null where there is none.</summary>
    public static ITokenizer? Find(string name) =>
        Usual.FirstOrDefault(tokenizer => tokenizer.Name == name) ?? (Size(name) is { } size ? BytePairTokenizer.OfSize(size) : null);

    /// <summary>Why a name of the form gpt2-N names no tokenizer; null where it names one, or is of another form.</summary>
    public static string? Refusal(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length && name[Prefix.Length..].All(char.IsAsciiDigit)
            && Size(name) is null
        ? $"{Sizes} has N tokens: the 256 bytes, the first N - {BytePairTokenizer.LeastTokens} merges of GPT-2 and the end mark; "
            + $"N is written without leading zeros and lies in [{BytePairTokenizer.LeastTokens}, {BytePairTokenizer.MostTokens}]"
        : null;

    // As numbers are written: one size has one name.
    private static int? Size(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            && size is >= BytePairTokenizer.LeastTokens and <= BytePairTokenizer.MostTokens && name[Prefix.Length] != '0'
        ? size
        : null;
}

/// <summary>
/// A tokenizer with one more token behind its own, [PAD], that no text has: published vocabularies hold it where the library that made them
/// was asked for one (Duo, GIDD), and uniform noise draws it like any other.
/// </summary>
/// <param name="inner">Makes the tokens of text.</param>
public sealed class WithPadding(ITokenizer inner) : ITokenizer
{
    private const string Suffix = "-pad", Sign = "[PAD]";

    /// <summary>GPT-2's tokens and [PAD].</summary>
    public static WithPadding Gpt2 { get; } = new(BytePairTokenizer.Gpt2);

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new(inner.Name + Suffix, inner.Vocabulary.TokenCount + 1);

    /// <inheritdoc/>
    public bool IsCharacterwise => inner.IsCharacterwise;

    /// <inheritdoc/>
    public int Separator => inner.Separator;

    /// <inheritdoc/>
    public int[] Encode(string text) => inner.Encode(text);

    /// <inheritdoc/>
    public void Encode(TextReader text, TokenSink sink) => inner.Encode(text, sink);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        int padding = inner.Vocabulary.TokenCount, mask = Vocabulary.MaskId;
        var text = new System.Text.StringBuilder();
        for (int start = 0; start < tokens.Length;)
        {
            // A character's bytes may lie in several tokens, which are decoded together.
            int end = tokens[start..].IndexOfAny(padding, mask) is >= 0 and var length ? start + length : tokens.Length;
            text.Append(inner.Decode(tokens[start..end]));
            if (end < tokens.Length)
                text.Append(tokens[end] == mask ? inner.Decode([inner.Vocabulary.MaskId]) : Sign);
            start = end + 1;
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public int Characters(ReadOnlySpan<int> tokens)
    {
        int count = 0;
        foreach (int token in tokens)
            count += token >= inner.Vocabulary.TokenCount ? 1 : inner.Characters([token]);
        return count;
    }
}
