using System.Collections.Immutable;

namespace Bench.Results.Metrics;

/// <summary>How a metric of generated text is computed. Its interval comes from its <see cref="TextStatistic"/>.</summary>
/// <param name="Of">From the sequences of one setting; null where the metric does not apply to such text.</param>
/// <param name="Protocol">How it is measured, as text.</param>
/// <param name="Undefined">Why its value may be NaN, as text.</param>
public sealed record TextMeasure(Func<TextSample, TextStatistic?> Of, string Protocol, string Undefined);

/// <summary>What metrics of generated text are computed from.</summary>
/// <param name="Texts">The sequences of one setting; any kind of degenerate text is possible.</param>
/// <param name="Vocabulary">The words of the training text; null where it has no words, or too many to keep.</param>
public sealed record TextSample(IReadOnlyList<GeneratedText> Texts, IReadOnlySet<string>? Vocabulary = null)
{
    private readonly Lazy<WordGrams> grams = new(() => new WordGrams(Texts.Select(text => text.Words)));

    /// <summary>The n-grams of words of the texts.</summary>
    public WordGrams Grams => grams.Value;
}

/// <summary>A statistic of several sequences, with what its standard error is estimated from.</summary>
public abstract record TextStatistic
{
    private TextStatistic()
    {
    }

    /// <summary>The mean of a number of each sequence; NaN is none. The error is the bootstrap's.</summary>
    public sealed record MeanOf(ImmutableArray<double> Values) : TextStatistic;

    /// <summary>The sum of one number of each sequence over the sum of another. The error is the bootstrap's.</summary>
    public sealed record RatioOf(ImmutableArray<double> Numerators, ImmutableArray<double> Denominators) : TextStatistic;

    /// <summary>
    /// A statistic that compares sequences with each other, for which the bootstrap is wrong: drawn twice, a sequence looks like a
    /// repetition. The error is the jackknife's.
    /// </summary>
    /// <param name="Value">Of all sequences; NaN where it is not defined.</param>
    /// <param name="Without">The same without each sequence in turn; empty where that is not defined.</param>
    /// <param name="Count">How many sequences it rests on.</param>
    public sealed record OfAll(double Value, ImmutableArray<double> Without, int Count) : TextStatistic;
}

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
