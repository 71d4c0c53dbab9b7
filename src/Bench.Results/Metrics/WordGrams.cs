namespace Bench.Results.Metrics;

/// <summary>The n-grams of words of texts: what diversity is counted in.</summary>
public sealed class WordGrams
{
    /// <summary>The longest n-grams.</summary>
    public const int Most = 4;

    private readonly int[][] texts;

    /// <summary>Numbers the words.</summary>
    /// <param name="texts">The words of each text.</param>
    public WordGrams(IEnumerable<string[]> texts)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        this.texts = [.. texts.Select(words => Array.ConvertAll(words, Number))];
        int Number(string word) => numbers.TryGetValue(word, out int number) ? number : numbers[word] = numbers.Count;
    }

    /// <summary>How many texts.</summary>
    public int Count => texts.Length;

    /// <summary>Words of a text.</summary>
    public int Length(int text) => texts[text].Length;

    /// <summary>How many n-grams a text has.</summary>
    public int CountOf(int text, int n) => Math.Max(0, texts[text].Length - n + 1);

    /// <summary>The n-grams of a text, repeated as often as they occur.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is less than 1 or over <see cref="Most"/>.</exception>
    internal IEnumerable<Gram> Of(int text, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Most);
        int[] words = texts[text];
        return Enumerable.Range(0, CountOf(text, n))
            .Select(i => new Gram(words[i], n > 1 ? words[i + 1] : -1, n > 2 ? words[i + 2] : -1, n > 3 ? words[i + 3] : -1));
    }
}

/// <summary>Up to four words in a row, by their numbers; −1 where there is none.</summary>
internal readonly record struct Gram(int A, int B, int C, int D);
