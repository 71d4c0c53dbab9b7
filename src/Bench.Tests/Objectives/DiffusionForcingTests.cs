using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class DiffusionForcingTests
{
    private static readonly long[] X0 = [0, 2, 1, 1];

    private static readonly DiffusionSetup Problem = new(
        new Vocabulary("toy", ToyDenoiser.TokenCount), new Absorbing(), new LogLinear(0), Hyperschedule.Slide(4, 2, 1),
        new BackboneView(Shifted: false, AttentionKind.Causal, Conditioning.Constant, AttentionKind.Causal));

    [Fact]
    public void Its_likelihood_is_the_chain_rule()
    {
        var likelihood = new DiffusionForcing(Problem).ForLikelihood;
        Assert.True(likelihood.IsExact);
        double nats =
            likelihood.PerPosition(new ToyDenoiser(), new ExampleBatch(X0, [0]), [0.5], RandomStream.Root(1), CPU).sum().item<double>();
        Close.Assert(4.497406544079, nats, 1e-10);
    }

    [Fact]
    public void Its_loss_hides_every_earlier_token_half_of_the_time()
    {
        // E (1/t_i) 1{masked} CE_i with t_i uniform is CE_i with i masked; an earlier token is masked with probability E t_j = 1/2; later
        // ones are never attended to.
        double expected = 0;
        for (int i = 0; i < 4; i++)
        {
            for (int hidden = 0; hidden < 1 << i; hidden++)
            {
                long[] z = [3, 3, 3, 3];
                for (int j = 0; j < i; j++)
                    z[j] = (hidden >> j & 1) == 1 ? 3 : X0[j];
                expected += ToyDenoiser.Nats(i, X0[i], z) / (1 << i);
            }
        }

        // It is linear in each time, so that its mean over times is its value at their mean.
        var training = Problem with { Hyperschedule = Hyperschedule.Independent(4, 4) };
        var draw = new LevelDraw([0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], null, 1);
        Close.Assert(expected, ExactBound.At(new MaskedNelbo(training).Of, new ToyDenoiser(), training, X0, draw), 1e-12);
    }

    [Fact]
    public void It_draws_times_by_position()
    {
        using var scope = NewDisposeScope();
        var training = Problem with { Hyperschedule = Hyperschedule.Independent(4, 4) };
        var batch = new ExampleBatch(X0, [7]);
        var (loss, drawn) = (new DiffusionForcing(Problem),
            NoisyBatch.Draw(training, batch, [0.5], continuous: true, RandomStream.Root(5)));
        Assert.Equal(4, drawn.LevelDraws[0].Times.Distinct().Count());
        Close.Assert(new MaskedNelbo(training).Of(new ToyDenoiser(), drawn, CPU).data<double>().ToArray(),
            loss.PerPosition(new ToyDenoiser(), batch, [0.5], RandomStream.Root(5), CPU), 1e-12);
    }

    [Fact]
    public void It_is_no_bound()
    {
        // For some text the loss is below −ln p, so it is no bound.
        bool below = AllStrings.Of(3, 4).Any(x => Expected(x) < -0.05 + AllNats(x));
        Assert.True(below);

        static double Expected(long[] x) =>
            Enumerable.Range(0, 4).Sum(i => Enumerable.Range(0, 1 << i).Average(hidden => Given(x, i, j => (hidden >> j & 1) == 1)));
        static double AllNats(long[] x) => Enumerable.Range(0, 4).Sum(i => Given(x, i, _ => false));
        static double Given(long[] x, int i, Func<int, bool> hides) =>
            ToyDenoiser.Nats(i, x[i], [.. x.Select((token, j) => j >= i || hides(j) ? 3 : token)]);
    }
}
