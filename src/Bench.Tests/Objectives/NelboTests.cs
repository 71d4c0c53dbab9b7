using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

public sealed class NelboTests
{
    private static readonly long[] X0 = [0, 2, 1, 1];

    public static TheoryData<Hyperschedule> Paths() =>
        [Hyperschedule.Flat(4, 3), Hyperschedule.Block(4, 2, 3), Hyperschedule.Slide(4, 2, 1),
            Hyperschedule.FromTable([[3, 3, 3, 3], [1, 3, 3, 3], [1, 2, 3, 2], [0, 0, 0, 0]])];

    [Theory, MemberData(nameof(Paths))]
    public void With_absorbing_noise_it_is_the_masked_bound(Hyperschedule hyperschedule)
    {
        var setup = Setup(hyperschedule);
        foreach (bool continuous in hyperschedule.HasContinuousLimit ? new[] { true, false } : [false])
        {
            foreach (double level in new[] { 0.1, 0.45, 0.8 })
            {
                var draw = hyperschedule.Draw(level, _ => 0.5, continuous);
                Golden.Close.Assert(
                    ExactBound.At(new MaskedNelbo(setup, continuous).Of, new ToyDenoiser(), setup, X0, draw),
                    ExactBound.At(new Nelbo(setup, continuous).Of, new ToyDenoiser(), setup, X0, draw), 1e-12);
            }
        }
    }

    [Fact]
    public void Width_one_and_depth_one_need_no_draws()
    {
        var objective = new Nelbo(Setup(Hyperschedule.Autoregressive(4)), Continuous: false);
        Assert.True(objective.IsExact);
        Assert.Equal(4.497406544079,
            objective.PerPosition(new ToyDenoiser(), new ExampleBatch(X0, [0]), [0.5], RandomStream.Root(1), CPU).sum().item<double>(),
            1e-10);
    }

    private static DiffusionSetup Setup(Hyperschedule hyperschedule) =>
        new(new Vocabulary("toy", ToyDenoiser.TokenCount), new Absorbing(), new LogLinear(0), hyperschedule,
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
