using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Numerics;
using Bench.Reference.Sampling;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Reference;

/// <summary>
/// What is right and what is wrong with HDLM's ε-hybrid samplers; golden files say that they are what its public code is.
/// </summary>
public sealed class ReleasedHybridTests
{
    private const int Count = 20_000, Few = 2_000, Mask = ToyDenoiser.TokenCount;

    [Fact]
    public void Block_by_block_the_original_has_the_given_distribution()
    {
        // Blocks of one token: the distribution of going from left to right. Total variation of 20,000 draws over 27 outcomes is below 0.02
        // but for one time in a million.
        long[][] x = Run(new ReleasedAligned(ReleasedAlgorithm.Original, new ReleasedGrid(1), Eta: 0) { Width = 1 }, Count);
        var found = x.CountBy(row => (row[0] * 9) + (row[1] * 3) + row[2]).ToDictionary();
        double distance = 0;
        for (int n = 0; n < 27; n++)
        {
            long a = n / 9, b = n / 3 % 3, c = n % 3;
            double distribution =
                Math.Exp(-ToyDenoiser.Nats(0, a, [Mask, Mask, Mask]) - ToyDenoiser.Nats(1, b, [a, Mask, Mask]) -
                    ToyDenoiser.Nats(2, c, [a, b, Mask]));
            distance += Math.Abs(distribution - (found.GetValueOrDefault(n) / (double)Count)) / 2;
        }

        Assert.InRange(distance, 0, 0.02);
    }

    // Four standard errors of 6,000 tokens: one false alarm in sixteen thousand seeds.
    [Theory]
    [InlineData(ReleasedAlgorithm.Original, 0.51)]
    [InlineData(ReleasedAlgorithm.Acs, 0.51)]
    [InlineData(ReleasedAlgorithm.Remask, 0.98)] // s/t of all, when s should be
    [InlineData(ReleasedAlgorithm.RemaskShuffle, 0.98)]
    [InlineData(ReleasedAlgorithm.ReMdm, 0)] // masks are gone after a few steps
    public void Half_way_this_share_is_masked(ReleasedAlgorithm algorithm, double expected)
    {
        int calls = 0;
        double masked = -1;
        Run(new ReleasedAligned(algorithm, new ReleasedGrid(100), Eta: 0.1), Few, call => masked = ++calls == 50
            ? call.Tokens.Average(row => row.Count(token => token == Mask) / 3.0) : masked);
        Assert.Equal(100, calls);
        Assert.Equal(expected, masked, 4 * Math.Sqrt(0.25 / Few / 3));
    }

    [Fact]
    public void The_shuffle_that_fails_in_the_public_code_is_refused() => Assert.Throws<NotSupportedException>(() =>
        new ReleasedShiftedBlocks(
            ReleasedAlgorithm.RemaskShuffle, ReleasedAnnealing.Block(4, 4), AttentionKind.Full, AttentionKind.Full, 5));

    [Fact]
    public void A_denoiser_is_shown_what_the_sampler_lets_it_see()
    {
        var network = ReleasedDenoiser.Of(new ToyDenoiser(), conditioned: false, scaledBySigma: false, CPU);
        double[][][] outputs =
            network(new ReleasedCall(
                [[0, 1, 2], [2, 2, 0]]) { Sees = new[,] { { true, false, false }, { true, false, false }, { true, true, false } } });
        Assert.Equal(2, outputs.Length);
        for (int token = 0; token < ToyDenoiser.TokenCount; token++)
        {
            Assert.Equal(ToyDenoiser.Logit(2, token, [2, 2, Mask]), outputs[1][2][token], 1e-9);
            Assert.Equal(ToyDenoiser.Logit(1, token, [0, Mask, Mask]), outputs[0][1][token], 1e-9);
        }
    }

    private static long[][] Run(ReleasedAligned sampler, int count, Action<ReleasedCall>? watch = null)
    {
        long[][] x = [.. Enumerable.Range(0, count).Select(_ => new long[] { Mask, Mask, Mask })];
        var draws = new StreamDraws(RandomStream.Root(11), 0);
        sampler.Run(Answer, x, Mask, draws, new TemperedRace(draws));
        return x;

        double[][][] Answer(ReleasedCall call)
        {
            watch?.Invoke(call);
            return Array.ConvertAll(
                call.Tokens, row => row.Select((_, i) => Logits(i, [.. row, .. Enumerable.Repeat((long)Mask, 3 - row.Length)])).ToArray());
        }
    }

    // The mask is never drawn.
    private static double[] Logits(int position, long[] seen) =>
        [.. Enumerable.Range(0, ToyDenoiser.TokenCount).Select(token => -ToyDenoiser.Nats(position, token, seen)), double.NegativeInfinity];
}
