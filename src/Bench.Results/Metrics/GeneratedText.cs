namespace Bench.Results.Metrics;

/// <summary>A generated sequence: the run's own tokens, and the text that they stand for.</summary>
/// <param name="Tokens">L tokens.</param>
/// <param name="Text">The same, decoded.</param>
/// <param name="Characters">How many characters the text counts as: what perplexities are per.</param>
public sealed record GeneratedText(int[] Tokens, string Text, int Characters)
{
    /// <summary>The words: the text split at white space.</summary>
    public string[] Words { get; } = Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The words that are surely whole: those with white space on both sides. A sequence is cut from a longer text and may start or end
    /// within a word.
    /// </summary>
    public ReadOnlySpan<string> WholeWords
    {
        get
        {
            int first = Text.Length > 0 && !char.IsWhiteSpace(Text[0]) ? 1 : 0;
            int behind = Text.Length > 0 && !char.IsWhiteSpace(Text[^1]) ? 1 : 0;
            return first + behind < Words.Length ? Words.AsSpan()[first..^behind] : [];
        }
    }

    /// <summary>Whether every token is one of a vocabulary's: a sampler that was stopped, or is broken, may leave masks.</summary>
    public bool IsMadeOf(int vocabulary) => Tokens.All(token => token >= 0 && token < vocabulary);
}
