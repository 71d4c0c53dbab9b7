using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Corpora;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results.Metrics;
using Bench.Scoring;
using Bench.Tests.Backbone;
using Bench.Tests.Golden;
using Bench.Tests.Metrics;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Scoring;

public sealed class ScorerTests
{
    private const int TokenCount = 3;

    private static readonly MarkovSource Source = new(TokenCount, order: 2, sharpness: 2, seed: 5);
    private static readonly WittenBell Grams = WittenBell.Fit([0, 1, 0, 2, 0, 1, 1, 0, 1, 2, 2, 0, 1], TokenCount, order: 3);
    private static readonly DditShape Causal = new(TokenCount + 1, Blocks: 2, Width: 16, Heads: 2, ConditionWidth: 8, Conditioning.Absent);

    [Theory, InlineData("ngram-3"), InlineData("truth"), InlineData("network")]
    public void Probabilities_of_all_sequences_of_a_length_sum_to_one(string name) => With(name, scorer =>
        Assert.Equal(1, scorer.Of([.. Texts.All(TokenCount, 4).Select(tokens => Texts.Of(tokens))]).Sum(text => Math.Exp(-text.Nats)),
            1e-9));

    [Theory, InlineData("ngram-3"), InlineData("truth"), InlineData("network")]
    public void The_score_of_a_text_does_not_depend_on_its_batch(string name) => With(name, scorer =>
    {
        GeneratedText[] texts = [Texts.Of(0, 1, 2), Texts.Of(2, 2), Texts.Of(), Texts.Of(1, 0, 0), Texts.Of(2, 1)];
        var together = scorer.Of(texts);
        Assert.Equal([3, 2, 0, 3, 2], together.Select(text => text.Tokens));
        foreach (var (text, scored) in texts.Zip(together))
            Close.Assert(scored.Nats, scorer.Of([text]).Single().Nats, 1e-12, text.Text);
    });

    [Theory, InlineData("ngram-3"), InlineData("truth"), InlineData("network")]
    public void A_sequence_that_holds_a_mask_is_impossible(string name) => With(name, scorer =>
        Assert.Equal([double.PositiveInfinity], scorer.Of([Texts.Of(0, TokenCount, 1)]).Select(text => text.Nats)));

    [Fact]
    public void A_network_that_was_never_trained_finds_every_token_equally_likely()
    {
        using var network = new Ddit(Causal, RandomStream.Root(1));
        var scored = new NetworkScorer("untrained", network, new NextToken(TokenCount), CPU).Of([Texts.Of(0, 1, 2, 2)]).Single();
        Assert.Equal(4 * Math.Log(TokenCount), scored.Nats, 1e-6);
    }

    [Fact]
    public void A_pretrained_scorer_reads_the_text_and_is_not_called_for_empty_text()
    {
        var scorer = new PretrainedScorer(new TwoNatsALetter());
        Assert.Equal("two nats", scorer.Name);
        Assert.Equal([new TextLikelihood(6, 1, 3), new TextLikelihood(0, 0, 0)], scorer.Of([Texts.Of("abc"), Texts.Of("")]));
    }

    private static void With(string name, Action<IScorer> check)
    {
        using var network = TinyNetwork.Of(Causal);
        IScorer scorer = name switch
        {
            "truth" => new TrueDistribution(TokenCount, tokens => -Source.LogLikelihood(tokens)),
            "network" => new NetworkScorer(name, network, new NextToken(TokenCount), CPU, rows: 2),
            _ => new NGramScorer(Grams),
        };
        Assert.Equal(name, scorer.Name);
        check(scorer);
    }

    private sealed class TwoNatsALetter : ITextScorer
    {
        public string Name => "two nats";

        public string Protocol => "two nats a letter";

        public TextLikelihood Of(string text) =>
            text.Length > 0 ? new(2 * text.Length, 1, text.Length) : throw new ArgumentException("nothing to read", nameof(text));
    }
}
