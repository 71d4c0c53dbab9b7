using Bench.Data.Corpora;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Results.Metrics;
using Bench.Scoring;
using Bench.Statistics;
using Xunit;

namespace Bench.Tests.Metrics;

public sealed class GenerativePerplexityTests
{
    private static readonly GenerativePerplexity PerToken = GenerativePerplexity.PerToken;

    [Fact]
    public void A_uniform_scorer_has_the_vocabulary_size_as_perplexity()
    {
        var scored =
            new TrueDistribution(tokenCount: 5, tokens => tokens.Length * Math.Log(5)).Of([Texts.Of(0, 1, 2), Texts.Of(4), Texts.Of()]);
        Assert.Equal(5, PerToken.Corpus(scored), 1e-12);
        Assert.Equal(5, PerToken.MeanOfSequences(scored), 1e-12);
    }

    [Fact]
    public void The_truth_is_as_perplexed_by_its_own_samples_as_its_entropy_says()
    {
        const int length = 64;
        var source = new MarkovSource(tokenCount: 6, order: 1, sharpness: 2, seed: 5);
        GeneratedText[] texts = [.. Enumerable.Range(0, 400).Select(example =>
        {
            var tokens = new int[length];
            source.Sample(RandomStream.Root(3), example, tokens);
            return Texts.Of(tokens);
        })];
        var scored = new TrueDistribution(6, tokens => -source.LogLikelihood(tokens)).Of(texts);
        var estimate = new Bootstrap(RandomStream.Root(1), 200).Of(scored.Length, drawn => PerToken.Corpus(drawn.Select(i => scored[i])));
        // Four standard errors: a false alarm once in 16,000 seeds. The error is 1 % of the value.
        Assert.InRange(Math.Exp(source.ChunkEntropy(length) / length), estimate.Value - (4 * estimate.StandardError!.Value),
            estimate.Value + (4 * estimate.StandardError.Value));
        Assert.InRange(estimate.StandardError.Value / estimate.Value, 1e-3, 2e-2);
        // A chunk begins without context, and otherwise costs the rate.
        Assert.Equal(Math.Exp(source.EntropyRate), estimate.Value, 0.05 * estimate.Value);
    }

    [Fact]
    public void Tokens_weigh_alike_in_one_definition_and_sequences_in_the_other()
    {
        TextLikelihood[] texts = [new(3 * Math.Log(2), 3, 6), new(Math.Log(32), 1, 5)];
        Assert.Equal(4, PerToken.Corpus(texts), 1e-12);              // (2³ · 32)^(1/4)
        Assert.Equal(17, PerToken.MeanOfSequences(texts), 1e-12);    // (2 + 32)/2
        Assert.Equal(Math.Pow(256, 1 / 11.0), GenerativePerplexity.PerCharacter.Corpus(texts), 1e-12);
    }

    [Fact]
    public void The_mean_over_sequences_of_equal_length_is_never_the_smaller_one()
    {
        TextLikelihood[] texts = [new(3, 4, 4), new(9, 4, 4), new(5, 4, 4)];
        Assert.True(PerToken.MeanOfSequences(texts) > PerToken.Corpus(texts)); // Jensen
    }

    [Fact]
    public void An_empty_text_has_no_perplexity()
    {
        Assert.Equal(double.NaN, PerToken.Corpus([]));
        Assert.Equal(double.NaN, PerToken.MeanOfSequences([new(0, 0, 0)]));
    }
}
