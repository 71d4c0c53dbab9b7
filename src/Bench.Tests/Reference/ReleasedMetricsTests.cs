using Bench.Data.Corpora;
using Bench.Numerics;
using Bench.Reference.Metrics;
using Bench.Scoring;
using Bench.Statistics;
using Bench.Tests.Metrics;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Reference;

public sealed class ReleasedMetricsTests
{
    private static readonly TextLikelihood[] Five =
        [.. new[] { 2, 4, 6, 8, 1000 }.Select(perplexity => new TextLikelihood(3 * Math.Log(perplexity), 3, 3))];

    [Theory, InlineData(2, 5), InlineData(3, 4), InlineData(4, 5), InlineData(64, 5)]
    public void Sequences_that_fill_no_batch_are_dropped_and_no_batch_holds_more_than_four(int batchSize, double expected) =>
        Assert.Equal(expected, ReleasedPerplexity.Hdlm(Five, batchSize), 1e-9);

    [Fact]
    public void Batches_are_whole_but_never_larger_than_there_are_sequences()
    {
        Assert.Equal([[1, 2], [3, 4]], ReleasedPerplexity.WholeBatches([1, 2, 3, 4, 5], 2));
        Assert.Equal([[1, 2, 3]], ReleasedPerplexity.WholeBatches([1, 2, 3], 8));
        Assert.Empty(ReleasedPerplexity.WholeBatches(Array.Empty<int>(), 8));
    }

    [Fact]
    public void A_constant_sequence_is_a_little_less_than_certain() => Assert.InRange(ReleasedEntropy.Hdlm([3, 3, 3]), -1.1e-8, -0.9e-8);

    [Fact]
    public void The_sum_over_a_batch_is_the_mean_for_batches_of_one()
    {
        int[][] sequences = [[0, 1], [0, 0], [0, 1, 2, 3]];
        Assert.Equal(Math.Log(2), ReleasedEntropy.OfBatches([.. sequences.Select(tokens => (int[][])[tokens])]), 1e-12);
        Assert.Equal(3 * Math.Log(2), ReleasedEntropy.OfBatches([sequences]), 1e-12);
    }

    [Fact]
    public void A_round_in_which_nothing_is_masked_does_not_count_and_asks_no_network()
    {
        var source = new MarkovSource(tokenCount: 4, order: 1, sharpness: 2, seed: 5);
        long[] sequence = [0, 1, 2];
        double Estimate(params (double, double[])[] rounds) =>
            ReleasedZeroShot.MonteCarlo(new MarkovOracle(source, shifted: false), sequence, maskId: 4, least: 1e-3, rounds, CPU);
        (double, double[]) masks = (0.5, [0.1, 0.9, 0.2]), nothing = (0.5, [0.9, 0.9, 0.9]);
        double one = Estimate(masks);
        Assert.True(one > 0);
        Assert.Equal(one, Estimate(masks, nothing), 1e-12);
        Assert.Equal(one, Estimate(nothing, masks, nothing, masks), 1e-12);
        Assert.Equal(double.NaN, Estimate(nothing)); // no round counts
    }

    [Fact]
    public void The_chain_rule_with_the_exact_distribution_costs_the_mask_beside_the_true_token()
    {
        // The oracle answers with log-probabilities of the tokens, and 0 for the mask: e⁰ = 1 as much again.
        var source = new MarkovSource(tokenCount: 4, order: 1, sharpness: 2, seed: 5);
        var tokens = new int[6];
        source.Sample(RandomStream.Root(1), 0, tokens);
        double truth = source.LogLikelihood(tokens.AsSpan(0, 1)) - source.LogLikelihood(tokens);
        double found = ReleasedZeroShot.Chain(
            new MarkovOracle(source, shifted: false), Array.ConvertAll(tokens, token => (long)token), maskId: 4, CPU);
        Assert.Equal(truth + (5 * Math.Log(2)), found, 1e-9);
    }
}
