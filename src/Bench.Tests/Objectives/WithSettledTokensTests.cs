using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class WithSettledTokensTests
{
    private static readonly BackboneView Shifted = new(Shifted: true, AttentionKind.Full, Conditioning.Constant, AttentionKind.Causal);

    private static readonly MaskedNelbo Diffusion = new(new DiffusionSetup(
        new Vocabulary("toy", ToyDenoiser.TokenCount), new Absorbing(), new LogLinear(0), Hyperschedule.Flat(4, 4), Shifted));

    [Fact]
    public void It_adds_the_next_token_of_clean_text()
    {
        using var scope = NewDisposeScope();
        var batch = new ExampleBatch([0, 2, 1, 1], [7]);
        double[] Nats(IObjective objective) =>
            objective.PerPosition(new ToyDenoiser(), batch, [0.6], RandomStream.Root(1), CPU).data<double>().ToArray();
        double[] diffusion = Nats(Diffusion), next = Nats(new NextToken(3));
        Close.Assert([.. diffusion.Zip(next, (a, b) => a + (0.5 * b))], Nats(new WithSettledTokens(Diffusion, Diffusion.Setup, Share: 0.5)),
            1e-12);
    }

    [Fact]
    public void Likelihood_is_that_of_the_objective_alone() =>
        Assert.Equal(((IObjective)Diffusion).ForLikelihood, new WithSettledTokens(Diffusion, Diffusion.Setup).ForLikelihood);

    [Fact]
    public void An_aligned_view_would_learn_to_copy_and_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => new WithSettledTokens(Diffusion, Diffusion.Setup with { View = Shifted with { Shifted = false } }));

    [Fact]
    public void A_context_that_generation_does_not_attend_causally_in_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => new WithSettledTokens(Diffusion, Diffusion.Setup with { View = Shifted with { Context = AttentionKind.BlockCausal } }));

    [Fact]
    public void A_noise_conditioned_network_is_given_the_noise_level_of_clean_text()
    {
        using var scope = NewDisposeScope();
        var conditioned = Diffusion.Setup with { View = Shifted with { Conditioning = Conditioning.Time } };
        using var network = new Ddit(new DditShape(4, 1, 8, 2, 4, Conditioning.Time), RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        var batch = new ExampleBatch([0, 2, 1, 1], [7]);
        foreach (INoiseSchedule schedule in new INoiseSchedule[] { new LogLinear(0), new LogUniform(0.3, 1) })
        {
            // As a definition makes it.
            var loss = ObjectiveChoice.MaskedNelbo().AndSettledTokens(1).Of(conditioned with { Schedule = schedule });
            var apart =
                new MaskedNelbo(conditioned with { Schedule = schedule }).PerPosition(network, batch, [0.6], RandomStream.Root(1), CPU)
                + new NextToken(3) { Sigma = schedule.Sigma(0) }.PerPosition(network, batch, [0.6], RandomStream.Root(1), CPU);
            Assert.True(allclose(apart, loss.PerPosition(network, batch, [0.6], RandomStream.Root(1), CPU)));
        }
    }
}
