using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

public sealed class ReMdmTests
{
    private const int Count = 20_000;

    [Theory, InlineData(0), InlineData(0.008), InlineData(0.3), InlineData(1)]
    public void The_share_of_masks_keeps_to_its_schedule(double cap)
    {
        var process = new Absorbing();
        foreach (var (s, t) in new[] { (0.0, 0.2), (0.1, 0.2), (0.5, 0.9), (0.9, double.PositiveInfinity) })
        {
            var (before, after) = (process.At(t), process.At(s));
            var (remasked, revealed) = new ReMdm(cap).Odds(after, before);
            Assert.InRange(remasked, 0, 1);
            Assert.InRange(revealed, 0, 1 + 1e-12);
            Assert.Equal(after.Keep, (before.Keep * (1 - remasked)) + (before.Mask * revealed), 1e-12);
        }
    }

    [Fact]
    public void Without_remasking_it_is_the_ancestral_sampler()
    {
        var problem = Problem(8);
        int[][] Draw(ISampler sampler) => sampler.Generate(new ToyDenoiser(), problem, 50, RandomStream.Root(3)).Sequences;
        Assert.Equal(Draw(new Ancestral()), Draw(new ReMdm(0)));
        Assert.NotEqual(Draw(new Ancestral()), Draw(new ReMdm(0.5)));
    }

    [Fact]
    public void Independent_positions_keep_their_law_however_often_they_are_masked()
    {
        // A denoiser that looks at nothing: whatever is masked again is drawn anew from the same law.
        var sequences = new ReMdm(0.4).Generate(new Alone(), Problem(12), Count, RandomStream.Root(4)).Sequences;
        double[] law = Alone.Law;
        // Five standard errors of the largest binomial: one false alarm in a million.
        Assert.All(Enumerable.Range(0, law.Length), word => Assert.Equal(law[word], sequences.Average(x => x.Count(token => token == word) / 3.0), 5 * Math.Sqrt(0.25 / Count / 3)));
    }

    [Fact]
    public void First_hitting_order_is_at_least_as_likely_as_the_bound_says()
    {
        // x = (0, 2, 1): the mean over orders of the likelihood, and of its logarithm.
        long[] x = [0, 2, 1];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        double[] nats = [.. orders.Select(order => Sequential(order, x))];
        Assert.Equal(3.727408, -Math.Log(nats.Average(n => Math.Exp(-n))), 1e-6);
        Assert.Equal(4.328453, nats.Average(), 1e-6);
    }

    private static double Sequential(int[] order, long[] x)
    {
        long[] z = [3, 3, 3];
        double nats = 0;
        foreach (int i in order)
        {
            nats += ToyDenoiser.Nats(i, x[i], z);
            z[i] = x[i];
        }

        return nats;
    }

    private static Denoising Problem(int depth) => new(
        new Vocabulary("toy", ToyDenoiser.Words), new Absorbing(), new LogLinear(0), Hyperschedule.Flat(3, depth), new BackboneView(Shifted: false, Attention.Full, Conditioning.Constant));

    private sealed class Alone() : SequenceDenoiser(ToyDenoiser.Words)
    {
        public static double[] Law => [0.5, 0.3, 0.2];

        protected override double[] Answer(int position, long[] seen) => [.. Law.Select(p => Math.Log(p))];
    }
}
