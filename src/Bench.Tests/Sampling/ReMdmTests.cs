using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

public sealed class ReMdmTests
{
    private static readonly Absorbing Process = new();

    public static TheoryData<double, double> Steps() => new() { { 0, 0.2 }, { 0.1, 0.2 }, { 0.5, 0.9 }, { 0.9, double.PositiveInfinity } };

    [Theory, MemberData(nameof(Steps))]
    public void Any_rate_up_to_the_highest_keeps_the_share_of_masks(double before, double after)
    {
        Marginal s = Process.At(before), t = Process.At(after);
        foreach (double part in new[] { 0, 0.1, 1 })
        {
            double rate = part * Remasking.Most(s, t), revealed = MoveProbabilities.WithRemasking(masked: true, rate, s, t).Drawn;
            Assert.InRange(revealed, 0, 1 + 1e-12);
            double masked = MoveProbabilities.WithRemasking(masked: false, rate, s, t).Masked;
            Assert.Equal(s.Keep, (t.Keep * (1 - masked)) + (t.Mask * revealed), 1e-12);
        }
    }

    [Fact]
    public void A_cap_is_a_rate_and_a_share_is_of_the_highest_one()
    {
        var moment = Moment(before: 0.5, after: 0.6, masked: false);
        double most = Remasking.Most(moment.S, moment.T);
        Assert.Equal((1 - moment.S.Keep) / moment.T.Keep, most, 1e-15);
        Assert.Equal(0.04, new ReMdm(0.04).ProbabilitiesOf(moment).Masked);
        Assert.Equal(most, new ReMdm(1).ProbabilitiesOf(moment).Masked);
        Assert.Equal(0.015 * most, new ReMdmRescale(0.015).ProbabilitiesOf(moment).Masked, 1e-15);
        Assert.Equal((moment.S.Keep - moment.T.Keep) / moment.T.Keep, new ForwardBackward().ProbabilitiesOf(moment).Masked, 1e-15);
    }

    [Fact]
    public void Forward_and_backward_reveals_twice_as_often()
    {
        var moment = Moment(before: 0.9, after: 1, masked: true);
        Assert.Equal(2 * new Ancestral().ProbabilitiesOf(moment).Drawn, new ForwardBackward().ProbabilitiesOf(moment).Drawn, 1e-12);
    }

    [Theory, MemberData(nameof(Steps))]
    public void Predictor_and_corrector_of_absorbing_noise_are_remasking(double before, double after)
    {
        foreach (bool masked in new[] { true, false })
        {
            var moment = Moment(before, after, masked);
            foreach (double part in new[] { 0.2, 0.9 })
            {
                double rate = part * Math.Min(Remasking.Most(moment.S, moment.T), moment.S.Mask);
                double kappa = moment.S.Mask == 0 ? 1 : 1 - (rate / moment.S.Mask); // κ = 1 − σ/(1 − α_s)
                var expected = MoveProbabilities.WithRemasking(masked, rate, moment.S, moment.T);
                var moves = new Psi(kappa).ProbabilitiesOf(moment);
                Assert.Equal(expected.Masked, moves.Masked, 1e-12);
                Assert.Equal(expected.Drawn, moves.Drawn, 1e-12);
            }
        }
    }

    [Fact]
    public void Predictor_and_corrector_have_the_exact_distribution_of_remasking()
    {
        // A rate that a constant κ stands for: σ = (1 − κ)(1 − α_s), along a schedule without its last step's exception.
        var setup = EverySampler.Setup(Process, Hyperschedule.Flat(3, 5));
        double[] distribution = ExactDenoiser.Of(setup, (i, x, now, next) =>
        {
            Marginal s = setup.At(next), t = setup.At(now);
            var moves = MoveProbabilities.WithRemasking(x[i] == 3, 0.3 * s.Mask, s, t);
            double[] weights = [.. Enumerable.Range(0, 3).Select(y => moves.Drawn * Math.Exp(-ToyDenoiser.Nats(i, y, x))), moves.Masked];
            weights[x[i]] += 1 - moves.Drawn - moves.Masked;
            return weights;
        });
        Golden.Close.Assert(distribution, ExactDenoiser.Of(new Psi(0.7), new ToyDenoiser(), setup), 1e-13);
    }

    [Fact]
    public void The_loop_is_continuous_in_time_and_rests_in_between()
    {
        var loop = new ReMdmLoop(0.02);
        Assert.Equal(0, loop.At(1).Keep, 1e-15);
        Assert.Equal(0.9, loop.At(0.55 + 1e-12).Keep, 1e-9);
        Assert.Equal(0.9, loop.At(0.55).Keep, 1e-15);
        Assert.Equal(0.9, loop.At(0.05).Keep, 1e-15);
        Assert.Equal(0.95, loop.At(0.025).Keep, 1e-15);
        Assert.Equal(1, loop.At(0).Keep);
    }

    [Fact]
    public void The_network_is_given_the_time_whose_expected_masks_are_those_of_the_loop()
    {
        var setup = EverySampler.Setup(Process, Hyperschedule.Flat(3, 10));
        for (int step = 0; step < 10; step++)
            Assert.Equal(new ReMdmLoop(0.02).At(1 - (step / 10.0)).Mask * setup.At(1).Mask,
                setup.At(new ReMdmLoop(0.02).ConditioningTime(setup, step)!.Value).Mask, 1e-12);
    }

    [Fact]
    public void The_least_confident_tokens_are_masked_again_without_falling_behind()
    {
        const int Count = 2000, Length = 6, Depth = 8;
        var setup = EverySampler.Setup(Process, Hyperschedule.Flat(Length, Depth), conditioned: false);
        var revealed = new double[Depth];
        var generator = new Generator(new FixedDenoiser([0.5, 0.3, 0.2]), setup, new ReMdmConfidence(), CPU)
        {
            Watch = (state, step) => revealed[step] = state.Tokens.Count(token => token != 3) / (double)state.Tokens.Length,
        };
        generator.Generate(Count, RandomStream.Root(8));
        // Where any token is expected. Tokens of a sequence depend on each other a little: 0.02 is more than four standard errors of 12,000
        // tokens, once in 10,000 runs.
        for (int step = 1; step < Depth; step++)
            Assert.InRange(revealed[step] - ((step + 1.0) / Depth), -0.02, 0.02);
    }

    private static TokenState Moment(double before, double after, bool masked) =>
        new(EverySampler.Setup(Process, Hyperschedule.Flat(3, 4)), 1, masked ? 3 : 0, Process.At(before), Process.At(after));
}
