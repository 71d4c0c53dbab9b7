using Bench.Attention;
using Bench.Backbone;
using Bench.Metrics.Divergence;
using Bench.Numerics;
using Bench.Statistics;
using Bench.Tests.Backbone;
using Bench.Tests.Golden;
using Xunit;
using static MathNet.Numerics.SpecialFunctions;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Metrics.Divergence;

public sealed class MauveTests
{
    private static readonly Mauve Default = new(RandomStream.Root(4));

    [Fact]
    public void Equal_samples_have_a_score_of_1() => Assert.Equal(1, Default.Of(Cloud(40, seed: 1), Cloud(40, seed: 1)).Value, 1e-12);

    [Fact]
    public void Samples_that_share_no_cluster_have_the_closed_form()
    {
        var mauve = Default with { Clusters = 2, Smoothing = 0, Mixtures = 4001 };
        Assert.Equal(5 * Beta(5, 6), mauve.Of(Cloud(30, seed: 1, away: 50), Cloud(20, seed: 2, away: -50)).Value, 1e-5);
    }

    [Fact]
    public void It_does_not_matter_which_side_is_which_nor_in_which_order_texts_stand()
    {
        double[][] p = Cloud(40, seed: 1), q = Cloud(50, seed: 2, away: 0.5);
        double value = Default.Of(p, q).Value;
        Assert.InRange(value, 0.01, 0.99);
        Assert.Equal(value, Default.Of(q, p).Value, 1e-12);
        Assert.Equal(value, Default.Of([.. p.Reverse()], [.. q.Skip(7), .. q.Take(7)]).Value);
    }

    [Fact]
    public void Samples_further_apart_score_less()
    {
        double[] values = [.. new[] { 0.0, 1, 2, 4 }.Select(away => Default.Of(Cloud(60, seed: 1), Cloud(60, seed: 2, away)).Value)];
        Assert.Equal(values.OrderDescending(), values);
        Assert.True(values[0] > 0.8 && values[^1] < 0.2);
    }

    [Fact]
    public void The_error_is_the_jackknife_of_measuring_anew_where_clusters_are_plain()
    {
        double[][] p = Plain(6, 3, 1), q = Plain(2, 5, 4);
        var mauve = Default with { Clusters = 3 };
        var found = mauve.Of(p, q);
        var expected = Jackknife.Of(found.Value, Without(p, less => mauve.Of(less, q)), Without(q, less => mauve.Of(p, less)));
        Close.Assert(expected.StandardError!.Value, found.StandardError!.Value, 1e-12);
        Assert.InRange(found.StandardError.Value, 1e-3, 0.5);
    }

    [Fact]
    public void Features_that_are_no_numbers_give_no_number_and_equal_ones_no_error()
    {
        Assert.Equal(double.NaN, Default.Of([[1, double.NaN]], [[1, 2]]).Value);
        Assert.Equal(double.NaN, Default.Of([], [[1, 2]]).Value);
        Assert.Equal(1, Default.Of([[0, 0], [0, 0]], [[0, 0], [0, 0]]).Value, 1e-12);
    }

    [Fact]
    public void The_protocol_states_clusters_and_seed() =>
        Assert.Equal(
            "200 texts against 128, 13 clusters (k-means++, best of 5, random stream 0000000000000004), 90 % of variance, counts + 0.5, "
                + "scale 5, 25 mixtures", Default.Protocol(200, 128));

    [Fact]
    public void Features_of_a_network_are_its_mean_hidden_states()
    {
        using var network = TinyNetwork.Of(new DditShape(4, Blocks: 2, Width: 16, Heads: 2, ConditionWidth: 8, Conditioning.Absent));
        using var scope = NewDisposeScope();
        var features = new NetworkFeatures("network", network, maskId: 3, CPU, rows: 2);
        double[][] found = features.Of([Texts.Of(0, 1, 2), Texts.Of(2, 2), Texts.Of(2, 0, 1), Texts.Of()]);
        Close.Assert(found[2], features.Of([Texts.Of(2, 0, 1)]).Single(), 1e-12);
        Assert.Equal(new double[16], found[3]);

        List<Tensor> blocks = [];
        network.Forward(new(tensor([3L, 2, 0], [1, 3]), Layout: SequenceLayout.Single(3, causal: true)),
            after => blocks.Add(after.MoveToOuterDisposeScope()));
        Close.Assert(found[2], blocks[^1].mean([1]), 1e-12);
    }

    private static double[] Without(double[][] points, Func<double[][], Estimate> value) =>
        [.. Enumerable.Range(0, points.Length).Select(gone => value([.. points.Where((_, i) => i != gone)]).Value)];

    // So many points in each of three directions.
    private static double[][] Plain(params int[] counts) =>
        [.. counts.Index()
            .SelectMany(
                cluster => Enumerable.Range(0, cluster.Item).Select(
                    i => (double[])[.. Enumerable.Range(0, 3).Select(axis => axis == cluster.Index ? 1 : 1e-3 * i)]))];

    // Normal points about a place on the first of four axes.
    private static double[][] Cloud(int count, ulong seed, double away = 0) => [.. Enumerable.Range(0, count).Select(example =>
    {
        var point = new double[4];
        RandomStream.Root(seed).FillNormal(example, point);
        point[0] += away;
        return point;
    })];
}
