namespace Bench.Evaluation.Quality;

/// <summary>seq-rep-n (Welleck et al. 2020, arXiv 1908.04319): the share of a text's n-grams of words that occurred in it before.</summary>
public static class Repetition
{
    /// <summary>1 − different / all n-grams of one text; NaN of one with less than n words.</summary>
    public static double Of(WordGrams texts, int text, int n) => 1 - ((double)texts.Of(text, n).Distinct().Count() / texts.CountOf(text, n));
}
