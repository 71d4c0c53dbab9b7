using Bench.Evaluation.Resampling;

namespace Bench.Evaluation.Quality;

/// <summary>distinct-n (Li et al. 2016, arXiv 1510.03055): the share of different ones among all n-grams of words of all texts. More text has a lower share: compare equal amounts.</summary>
public static class Distinct
{
    /// <summary>With the jackknife's error; NaN where no text has n words.</summary>
    public static Estimate Of(WordGrams texts, int n)
    {
        // Whose each n-gram is; nobody's when several texts have it.
        Dictionary<Gram, int> owners = [];
        for (int text = 0; text < texts.Count; text++)
        {
            foreach (var gram in texts.Of(text, n))
                owners[gram] = owners.TryGetValue(gram, out int owner) && owner != text ? -1 : text;
        }

        var alone = new int[texts.Count];
        foreach (int owner in owners.Values.Where(owner => owner >= 0))
            alone[owner]++;
        int[] counts = [.. Enumerable.Range(0, texts.Count).Select(text => texts.CountOf(text, n))];
        double all = counts.Sum();
        return Jackknife.Of(owners.Count / all, [.. alone.Zip(counts, (own, count) => (owners.Count - own) / (all - count))]).OfShare();
    }
}
