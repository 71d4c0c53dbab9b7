using Bench.Data.Corpora;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Statistics;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Metrics;

public sealed class KlFromTruthTests
{
    private const int Length = 32;
    private static readonly MarkovSource Source = new(tokenCount: 4, order: 1, sharpness: 2, seed: 5);

    [Fact]
    public void The_truth_itself_is_no_nat_away()
    {
        double[] truth = Truth(chunks: 20);
        var kl = KlFromTruth.Of(truth, truth, Length);
        Assert.Equal((0, 0), (kl.Value, kl.StandardError));
    }

    [Fact]
    public void The_distance_of_a_uniform_model_is_its_negative_log_likelihood_above_the_entropy()
    {
        double[] truth = Truth(chunks: 400);
        var kl = KlFromTruth.Of([.. truth.Select(_ => Length * Math.Log(4))], truth, Length);
        double exact = Math.Log(4) - (Source.ChunkEntropy(Length) / Length);
        // Four standard errors: a false alarm once in 16,000 seeds.
        Assert.InRange(exact, kl.Value - (4 * kl.StandardError!.Value), kl.Value + (4 * kl.StandardError.Value));
        Assert.True(kl.Low < kl.Value && kl.Value < kl.High);
    }

    [Fact]
    public void Variance_that_both_models_share_is_no_error()
    {
        double[] truth = Truth(chunks: 50);
        var kl = KlFromTruth.Of([.. truth.Select(nats => nats + (0.25 * Length))], truth, Length);
        Close.Assert([0.25, 0], [kl.Value, kl.StandardError!.Value], 1e-12);
    }

    [Fact]
    public void A_single_chunk_has_no_known_error() => Assert.Null(KlFromTruth.Of([3.0], [1.0], 2).StandardError);

    private static double[] Truth(int chunks) => [.. Enumerable.Range(0, chunks).Select(chunk =>
    {
        var tokens = new int[Length];
        Source.Sample(RandomStream.Root(7), chunk, tokens);
        return -Source.LogLikelihood(tokens);
    })];
}
