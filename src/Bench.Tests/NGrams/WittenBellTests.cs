using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.NGrams;

[Collection(nameof(DefaultCorpus))]
public sealed class WittenBellTests(DefaultCorpus corpus)
{
    private static readonly int[] Text = [0, 1, 0, 2, 0, 1, 1, 0, 1, 2, 2, 0, 1];

    /// <summary>Fitted on the training part of the default corpus; orders 1 to 6.</summary>
    [Theory]
    [InlineData(Split.Validation, 4.0929, 3.2891, 2.6064, 1.9734, 1.6266, 1.4852)]
    [InlineData(Split.Test, 4.0935, 3.2932, 2.6003, 1.9575, 1.6097, 1.4672)]
    public void Held_out_bits_are_the_known_ones(Split part, params double[] expected) =>
        Assert.Equal(expected, corpus.Model.BitsByOrder(corpus.Data[part].ToArray()).Select(bits => Math.Round(bits, 4)));

    [Theory]
    [InlineData("gutenberg-novels", 4.1072, 3.4227, 2.9522, 2.6061, 2.4456)]
    [InlineData("gutenberg-children", 4.0841, 3.3877, 2.9578, 2.6818, 2.5499)]
    [InlineData("gutenberg-verse", 4.1008, 3.4185, 3.0069, 2.7466, 2.6503)]
    [InlineData("gutenberg-drama", 4.0808, 3.5566, 3.3184, 3.3742, 3.5753)]
    [InlineData("gutenberg-scripture", 4.0498, 3.3148, 2.8424, 2.5936, 2.4953)]
    public void Zero_shot_bits_are_the_known_ones(string domain, params double[] expected)
    {
        using var tokens = corpus.Library.Open(CorpusCatalog.Find(domain), Alphabet27.Instance, Split.Whole);
        Assert.Equal(expected, corpus.Model.BitsByOrder(tokens.ToArray()).Take(5).Select(bits => Math.Round(bits, 4)));
    }

    [Fact]
    public void The_distribution_of_the_next_symbol_sums_to_one_and_agrees_with_the_scores()
    {
        var text = corpus.Data.Test.ToArray()[..300];
        var nats = corpus.Model.NatsPerToken(text);
        for (int i = 0; i < text.Length; i++)
        {
            var distribution = corpus.Model.Next(text.AsSpan(0, i));
            Assert.Equal(1, distribution.Sum(), 1e-12);
            Assert.Equal(nats[i], -Math.Log(distribution[text[i]]), 1e-12);
        }
    }

    [Fact]
    public void The_recursion_is_the_definition_written_out()
    {
        var model = WittenBell.Fit(Text, tokenCount: 4, order: 3);
        foreach (int[] context in new int[][] { [], [0], [0, 1], [1, 1], [2, 1], [3, 1], [3, 3], [2, 0, 1] })
        {
            for (int symbol = 0; symbol < 4; symbol++)
                Assert.Equal(Defined([.. context.TakeLast(2)], symbol), model.Next(context)[symbol], 1e-15);
        }
    }

    [Fact]
    public void A_lower_order_of_a_fit_is_the_fit_of_that_order()
    {
        var train = corpus.Data.Validation.ToArray()[..100_000];
        var test = corpus.Data.Test.ToArray()[..20_000];
        var bits = WittenBell.Fit(train, 27, order: 4).BitsByOrder(test);

        for (int order = 1; order <= 4; order++)
            Assert.Equal(bits[order - 1], WittenBell.Fit(train, 27, order).Bits(test), 1e-12);
    }

    [Fact]
    public void A_chunk_is_scored_without_what_came_before_it()
    {
        ReadOnlySpan<int> test = corpus.Data.Test.ToArray();
        var chunk = corpus.Model.NatsPerToken(test.Slice(500, 100));

        Assert.Equal(corpus.Model.Bits(test.Slice(500, 100)), chunk.Average() / Math.Log(2), 1e-9);
        Assert.Equal(-Math.Log(corpus.Model.Next([])[test[500]]), chunk[0], 1e-12);
        Assert.NotEqual(corpus.Model.NatsPerToken(test[..600])[500], chunk[0]);
        Assert.Equal(corpus.Model.NatsPerToken(test[..600])[550], chunk[50], 1e-12); // five symbols on, the past is the same
    }

    [Fact]
    public void A_model_of_a_Markov_source_approaches_its_entropy_rate_from_above()
    {
        var source = new MarkovCorpus(tokenCount: 4, order: 2, sharpness: 2, seed: 3, trainTokens: 200_000, heldOutTokens: 100_000);
        double[] nats = [.. WittenBell.Fit(source.Draw(Split.Train), 4, order: 4).BitsByOrder(source.Draw(Split.Test))
            .Select(bits => bits * Math.Log(2))];

        double exact = -source.Source.LogLikelihood(source.Draw(Split.Test)) / 100_000;
        Assert.True(nats[0] > nats[1] && nats[1] > nats[2]);
        Assert.InRange(nats[2] - exact, 0, 0.002);
    }

    [Fact]
    public void Text_drawn_from_the_model_has_the_expected_negative_log_likelihood()
    {
        var sample = new int[20_000];
        corpus.Model.Sample(RandomStream.Root(1), 0, sample);
        double expected = 0;
        for (int i = 0; i < sample.Length; i++)
            expected -= corpus.Model.Next(sample.AsSpan(0, i)).Sum(p => p * Math.Log(p));

        Assert.Equal(expected / sample.Length, corpus.Model.NatsPerToken(sample).Average(), 0.03);
    }

    [Fact]
    public void A_sample_continues_its_context_and_does_not_depend_on_its_length()
    {
        var longer = new int[50];
        var shorter = new int[20];
        int[] context = Alphabet27.Instance.Encode("the united state");
        corpus.Model.Sample(RandomStream.Root(1), 4, longer, context);
        corpus.Model.Sample(RandomStream.Root(1), 4, shorter, context);

        Assert.Equal(longer[..20], shorter);
        Assert.Equal('s', Alphabet27.Instance.Decode(longer)[0]);
    }

    // p_k(c|h) by counting in the text.
    private static double Defined(int[] context, int symbol)
    {
        double lower = context.Length == 0 ? 0.25 : Defined(context[1..], symbol);
        var followers = Enumerable.Range(0, Text.Length - context.Length)
            .Where(i => Text.AsSpan(i, context.Length).SequenceEqual(context)).Select(i => Text[i + context.Length]).ToList();
        double types = followers.Distinct().Count();
        return followers.Count == 0
            ? lower
            : (followers.Count(follower => follower == symbol) + (types * lower)) / (followers.Count + types);
    }
}
