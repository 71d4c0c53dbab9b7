using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

public sealed class NelboTests
{
    private static readonly long[] X0 = [0, 2, 1, 1];

    // reference values of the toy: left to right, blocks of two, all at once (BD3-LM's limits).
    [Theory, InlineData(1, 4.497406544079), InlineData(2, 4.643723688326), InlineData(4, 4.795869807218)]
    public void Blocks_lead_from_the_chain_rule_to_the_flat_bound(int width, double expected)
    {
        const int rows = 1 << 14;
        var path = Hyperschedule.Block(4, width, 4);
        Estimate(new Nelbo(Problem(path), Continuous: true), rows, expected);
    }

    [Fact]
    public void Width_one_and_depth_one_need_no_draws()
    {
        var objective = new Nelbo(Problem(Hyperschedule.Autoregressive(4)), Continuous: false);
        Assert.True(objective.IsExact);
        Assert.Equal(4.497406544079, objective.PerPosition(new ToyDenoiser(), new TokenBatch(X0, [0]), [0.5], RandomStream.Root(1), CPU).sum().item<double>(), 1e-10);
    }

    private static Denoising Problem(Hyperschedule path) =>
        new(new Vocabulary("toy", ToyDenoiser.Words), new Absorbing(), new LogLinear(0), path, new BackboneView(Shifted: false, Attention.Full, Conditioning.Constant));

    private static void Estimate(Nelbo objective, int rows, double expected)
    {
        var batch = new TokenBatch([.. Enumerable.Range(0, rows).SelectMany(_ => X0)], [.. Enumerable.Range(0, rows).Select(i => (long)i)]);
        double[] nats = objective.PerPosition(new ToyDenoiser(), batch, Strata.Of(rows, _ => 0.5), RandomStream.Root(3), CPU).sum([1]).data<double>().ToArray();
        double error = Math.Sqrt(nats.Select(value => Math.Pow(value - nats.Average(), 2)).Average() / rows);
        Assert.InRange(nats.Average(), expected - (5 * error), expected + (5 * error));
    }
}
