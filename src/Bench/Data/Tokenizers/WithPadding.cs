namespace Bench.Data.Tokenizers;

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
