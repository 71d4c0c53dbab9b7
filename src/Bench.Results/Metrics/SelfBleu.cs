namespace Bench.Results.Metrics;

/// <summary>
/// Self-BLEU (Zhu et al. 2018, arXiv 1802.01886): BLEU-4 (Papineni et al. 2002) of each text against all others, averaged. 1 when all texts
/// are alike, near 0 when they have nothing in common: low is diverse.
/// </summary>
/// <remarks>
/// Each n-gram of a text matches as often as it occurs in the other text that has most of it; the brevity penalty is against the other text
/// nearest in length, the shorter of two. Where no n-gram of two or more words matches, 0.1 does (smoothing 1 of Chen and Cherry 2014, as
/// the published code has it); without a common word the value is 0. A text of less than four words is compared up to its own length, so
/// that equal texts always give 1; texts without words are left out.
/// </remarks>
public sealed class SelfBleu
{
    private const double Smoothing = 0.1;

    private readonly WordGrams texts;
    private readonly int[] present;                               // texts that have words
    private readonly Dictionary<Gram, int>[][] counts;            // [text][n − 1]
    private readonly Dictionary<Gram, MostOften>[] most;          // [n − 1]

    private SelfBleu(WordGrams texts)
    {
        this.texts = texts;
        present = [.. Enumerable.Range(0, texts.Count).Where(text => texts.Length(text) > 0)];
        counts =
        [
            .. Enumerable.Range(0, texts.Count)
                .Select(text => Orders.Select(n => texts.Of(text, n).CountBy(gram => gram).ToDictionary()).ToArray()),
        ];
        most = [.. Orders.Select(_ => new Dictionary<Gram, MostOften>())];
        foreach (int text in present)
        {
            foreach (var (of, own) in most.Zip(counts[text]))
            {
                foreach (var (gram, count) in own)
                    of[gram] = of.GetValueOrDefault(gram, MostOften.None).With(text, count);
            }
        }
    }

    /// <summary>Of all sequences.</summary>
    public static MetricDescriptor Metric { get; } = new("self-bleu", MetricKind.Text)
    {
        Place = 240,
        Title = "Self-BLEU",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.Share,
        Sentence = "BLEU-4 of each sequence against all others; 1 when all are alike.",
        Column = new("self_bleu") { Uncertainty = Uncertainty.Interval },
        Measure = new(
            sample => Of(sample.Grams),
            "BLEU-4 of words against all other sequences, no match counts 0.1",
            "less than two sequences have words"),
    };

    private static IEnumerable<int> Orders => Enumerable.Range(1, WordGrams.Most);

    /// <summary>NaN of less than two texts with words.</summary>
    public static TextStatistic.OfAll Of(WordGrams texts) => new SelfBleu(texts).Measure();

    private TextStatistic.OfAll Measure()
    {
        int n = present.Length;
        if (n < 2)
            return new(double.NaN, [], n);
        double total = 0;
        var without = new double[texts.Count]; // the sum of all scores where one text is neither scored nor compared with
        foreach (int text in present)
        {
            var (score, ifGone) = Score(text);
            total += score;
            without[text] -= score;
            foreach (var (other, left) in ifGone)
                without[other] += left - score;
        }

        return new(total / n, n == 2 ? [] : [.. present.Select(text => (total + without[text]) / (n - 1))], n);
    }

    // A text's BLEU, and what it is without those others that make a difference.
    private (double Score, Dictionary<int, double> IfGone) Score(int text)
    {
        var matches = new double[WordGrams.Most];
        Dictionary<int, double[]> lost = [];
        for (int order = 0; order < matches.Length; order++)
        {
            foreach (var (gram, count) in counts[text][order])
            {
                var (best, owner, next) = most[order][gram].Except(text);
                matches[order] += Math.Min(count, best);
                if (Math.Min(count, best) > Math.Min(count, next))
                    Of(owner)[order] += Math.Min(count, best) - Math.Min(count, next);
            }
        }

        int nearest = Nearest(text, gone: -1);
        Of(nearest);
        double score = Bleu(text, matches, texts.Length(nearest));
        Dictionary<int, double> ifGone = [];
        foreach (var (other, less) in lost)
        {
            int left = other == nearest ? Nearest(text, gone: other) : nearest;
            if (left >= 0)
                ifGone[other] = Bleu(text, [.. matches.Zip(less, (all, gone) => all - gone)], texts.Length(left));
        }

        return (score, ifGone);

        double[] Of(int other) => lost.TryGetValue(other, out double[]? less) ? less : lost[other] = new double[WordGrams.Most];
    }

    // The other text nearest in length; −1 if none is left.
    private int Nearest(int text, int gone)
    {
        var others = present.Where(other => other != text && other != gone);
        return others
            .DefaultIfEmpty(-1)
            .MinBy(other => other < 0 ? default : (Math.Abs(texts.Length(other) - texts.Length(text)), texts.Length(other)));
    }

    private double Bleu(int text, double[] matches, int reference)
    {
        if (matches[0] == 0)
            return 0;
        int orders = Math.Min(WordGrams.Most, texts.Length(text));
        double precision = Enumerable.Range(0, orders)
            .Average(order => Math.Log((matches[order] == 0 ? Smoothing : matches[order]) / texts.CountOf(text, order + 1)));
        return Math.Exp(precision + Math.Min(0, 1 - ((double)reference / texts.Length(text))));
    }
}

/// <summary>The three texts that an n-gram occurs most often in: enough to know the most often one but for any two.</summary>
internal readonly record struct MostOften((int Count, int Text) First, (int Count, int Text) Second, (int Count, int Text) Third)
{
    private static readonly (int Count, int Text) Nowhere = (0, -1);

    public static MostOften None { get; } = new(Nowhere, Nowhere, Nowhere);

    /// <summary>With one text more.</summary>
    public MostOften With(int text, int count) =>
        count > First.Count ? new((count, text), First, Second)
        : count > Second.Count ? new(First, (count, text), Second)
        : count > Third.Count ? this with { Third = (count, text) }
        : this;

    /// <summary>How often in the other text that has most of it, which one that is, and how often in the next.</summary>
    public (int Best, int Owner, int Next) Except(int text) =>
        First.Text == text ? (Second.Count, Second.Text, Third.Count)
        : Second.Text == text ? (First.Count, First.Text, Third.Count)
        : (First.Count, First.Text, Second.Count);
}
