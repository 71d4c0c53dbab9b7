using Bench.Data.Tokenizers;
using Bench.Metrics;
using Bench.Metrics.Divergence;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Scoring;
using Xunit;

namespace Bench.Tests.Metrics;

public sealed class GenerationQualityTests
{
    private static readonly GenerationSetting Setting = new("ancestral", 16);

    private static readonly int[] Corpus =
        Alphabet27.Instance.Encode("the cat sat on the mat and the dog lay on the rug while the rain fell on the roof and the cat slept ");

    private static readonly string[] Names =
    [
        "generative-perplexity ngram-3", "generative-perplexity-mean ngram-3", "generative-perplexity truth",
        "generative-perplexity-mean truth",
        "generative-perplexity nat", "generative-perplexity-mean nat",
        .. MetricCatalog.Standard.All.Where(metric => metric.Measure is not null).Select(metric => $"{metric.Name} "), "mauve histogram",
    ];

    private static readonly GenerationQuality Quality = new(RandomStream.Root(1))
    {
        Scorers = [new NGramScorer(WittenBell.Fit(Corpus, 27, order: 3)), new TrueDistribution(27, tokens => tokens.Length * Math.Log(27)),
            new PretrainedScorer(new NatALetter())],
        Vocabulary = new HashSet<string> { "the", "cat", "sat", "on", "mat" },
        Reference = new MauveReference(new Histogram(), [.. Enumerable.Range(0, 9).Select(i => Text(Corpus[(5 * i)..((5 * i) + 40)]))]),
        Resamples = 50,
    };

    [Fact]
    public void Rows_come_in_a_fixed_order()
    {
        var rows = Quality.Of(Setting, Real(6));
        Assert.Equal(Names, rows.Select(row => $"{row.Name} {row.Scorer}"));
        string[] diversity =
        [
            "sample-entropy ",
            "distinct-1 ",
            "distinct-2 ",
            "distinct-3 ",
            "repetition-4 ",
            "self-bleu ",
            "known-words ",
        ];
        Assert.Equal(diversity, Names.Intersect(diversity));
        Assert.All(rows, row => Assert.Null(row.Undefined));
    }

    [Fact]
    public void Every_row_says_how_it_was_measured_and_how_far_to_trust_it() => Assert.All(Quality.Of(Setting, Real(6)), row =>
    {
        Assert.Equal((Setting, 6L), (row.Setting, row.Count!.Value));
        Assert.InRange(row.StandardError!.Value, 0, 10);
        Assert.True(row.Low <= row.High && row.Protocol.Contains("over sequences"), row.Protocol);
    });

    [Fact]
    public void A_scorer_with_other_tokens_is_compared_per_character_and_reported_per_token()
    {
        var row = Quality.Of(Setting, Real(6)).First(row => row.Scorer == "nat");
        Assert.Equal(Math.E, row.Value, 1e-12);
        Assert.Contains("; 54.598 per token of the scorer;", row.Protocol); // e⁴
        Assert.DoesNotContain("per token", Quality.Of(Setting, Real(6))[0].Protocol);
    }

    [Fact]
    public void The_same_text_is_measured_alike()
    {
        Assert.Equal(Quality.Of(Setting, Real(5)), Quality.Of(Setting, Real(5)).AsEnumerable());
        Assert.NotEqual(Quality.Of(Setting, Real(5)), Quality.Of(Setting, Real(6)).AsEnumerable());
    }

    [Fact]
    public void Real_text_scores_better_than_noise()
    {
        var (real, noise) = (Values(Real(6)),
            Values(
                [.. Enumerable.Range(0, 6)
                    .Select(i => Text([.. Enumerable.Range(0, 40).Select(j => RandomStream.Root(1).Below(27, i, j))]))]));
        Assert.True(2 * real["generative-perplexity ngram-3"] < noise["generative-perplexity ngram-3"]);
        Assert.True(real["known-words "] > 0.4 && noise["known-words "] < 0.2);
        Assert.True(real["mauve histogram"] > noise["mauve histogram"]);
        Assert.True(real["sample-entropy "] < noise["sample-entropy "]);

        static Dictionary<string, double> Values(GeneratedText[] texts) =>
            Quality.Of(Setting, texts).ToDictionary(row => $"{row.Name} {row.Scorer}", row => row.Value);
    }

    public static TheoryData<string> Degenerate =>
        ["no sequence", "one sequence", "empty sequences", "nothing but spaces", "one letter", "one word", "masks", "one of many is empty"];

    [Theory, MemberData(nameof(Degenerate))]
    public void No_degenerate_text_ends_a_run_and_what_is_no_number_has_its_reason(string kind)
    {
        var rows = Quality.Of(Setting, TextOf(kind));
        Assert.Equal(Names, rows.Select(row => $"{row.Name} {row.Scorer}"));
        Assert.All(rows, row => Assert.True(row.Undefined is null
            ? (double.IsFinite(row.Value) || (kind == "masks" && row.Scorer is "ngram-3" or "truth"))
                && double.IsFinite(row.StandardError ?? 0)
            : (row.StandardError, row.Low, row.High) == (null, null, null), row.ToString()));
        Assert.All(rows.Select(row => row.Undefined).OfType<string>(),
            reason => Assert.Matches("^(no|a|less than two) [a-z0-9 ,-]+$", reason));
    }

    [Theory]
    [InlineData("empty sequences", "sample-entropy", "no sequence has a token")]
    [InlineData("empty sequences", "generative-perplexity", "no sequence has a character")]
    [InlineData("one sequence", "self-bleu", "less than two sequences have words")]
    [InlineData("one word", "known-words", null)]
    [InlineData("nothing but spaces", "distinct-2", "no sequence has 2 words")]
    [InlineData("no sequence", "mauve", "a side has no texts, or a feature that is not a finite number")]
    public void The_reason_is_that_of_the_text(string kind, string name, string? reason) =>
        Assert.Equal(reason, Quality.Of(Setting, TextOf(kind)).First(row => row.Name == name).Undefined);

    [Fact]
    public void A_text_of_probability_0_has_an_infinite_perplexity()
    {
        var rows = Quality.Of(Setting, [.. Real(3), Text([0, 27, 3, 27])]); // masks are left
        foreach (string name in new[] { ScoredText.Perplexity.Name, ScoredText.MeanPerplexity.Name })
            Assert.Equal([double.PositiveInfinity, double.PositiveInfinity],
                rows.Where(row => row.Name == name && row.Scorer != "nat").Select(row => row.Value));
    }

    [Fact]
    public void Metrics_that_only_some_runs_have_are_left_out()
    {
        var names = new GenerationQuality(RandomStream.Root(1)).Of(Setting, Real(3)).Select(row => row.Name).ToArray();
        Assert.Empty(new[] { KnownWords.Metric.Name, ScoredText.Mauve.Name, ScoredText.Perplexity.Name }.Intersect(names));
        Assert.Contains(SampleEntropy.Metric.Name, names);
    }

    [Fact]
    public void A_scorer_without_a_number_for_one_text_has_none_for_all()
    {
        var broken = new TrueDistribution(27, tokens => tokens[0] == Corpus[7] ? double.NaN : 1);
        var rows = new GenerationQuality(RandomStream.Root(1)) { Scorers = [broken] }.Of(Setting, Real(3));
        Assert.Equal(["the scorer gives no number for a sequence", "the scorer gives no number for a sequence"],
            rows.Where(row => row.Scorer == "truth").Select(row => row.Undefined));
    }

    private static GeneratedText[] TextOf(string kind) => kind switch
    {
        "no sequence" => [],
        "one sequence" => Real(1),
        "empty sequences" => [Text([]), Text([]), Text([])],
        "nothing but spaces" => [.. Enumerable.Repeat(Text(Alphabet27.Instance.Encode("     ")), 3)],
        "one letter" => [.. Enumerable.Repeat(Text(Alphabet27.Instance.Encode("aaaaa")), 3)],
        "one word" => [.. Enumerable.Repeat(Text(Alphabet27.Instance.Encode("a a a a a a")), 3)],
        "masks" => [Text([27, 27, 27, 27]), Text([0, 27, 3, 27])],
        _ => [.. Real(3), Text([])],
    };

    private static GeneratedText[] Real(int count) => [.. Enumerable.Range(0, count).Select(i => Text(Corpus[(7 * i)..((7 * i) + 40)]))];

    private static GeneratedText Text(int[] tokens) => GeneratedText.Of(tokens, Alphabet27.Instance);

    private sealed class NatALetter : ITextScorer
    {
        public string Name => "nat";

        public string Protocol => "a nat a letter";

        public TextLikelihood Of(string text) => new(text.Length, text.Length / 4, text.Length);
    }

    /// <summary>How often each letter occurs.</summary>
    private sealed class Histogram : IFeatures
    {
        public string Name => "histogram";

        public string Protocol => "counts of letters";

        public double[][] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default) =>
            [.. texts.Select(
                text => (double[])[.. Enumerable.Range(0, 28).Select(letter => (double)text.Tokens.Count(token => token == letter))])];
    }
}
