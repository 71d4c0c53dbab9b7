namespace Bench.Evaluation.Quality;

/// <summary>How many words of a text a vocabulary knows: whether a model of characters has learned to spell.</summary>
public static class KnownWords
{
    /// <summary>Counts in one text's words.</summary>
    /// <param name="words">Whole words.</param>
    /// <param name="vocabulary">The words of the training text.</param>
    public static (int Known, int All) Of(ReadOnlySpan<string> words, IReadOnlySet<string> vocabulary)
    {
        int known = 0;
        foreach (string word in words)
            known += vocabulary.Contains(word) ? 1 : 0;
        return (known, words.Length);
    }
}
