using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class HybridCrossEntropyTests
{
    private const double Epsilon = 0.2;

    [Theory, InlineData(true), InlineData(false)]
    public void Each_class_of_tokens_counts_what_the_paper_says(bool perVisible)
    {
        var loss = new HybridCrossEntropy(Setup(4), Lambda: 0.5, perVisible, Continuous: true);
        var now = loss.Setup.At(0.6); // 0.6 masked
        double visible = perVisible ? 0.4 : 1;
        Close.Assert(
            [1 / 0.6, 0.5 * 0.8 / visible, 0.5 * 0.2 / visible],
            [loss.Weight(now, masked: true, unchanged: false), loss.Weight(now, masked: false, unchanged: false),
                loss.Weight(now, masked: false, unchanged: true)], 1e-12);
    }

    [Theory, InlineData(0.01), InlineData(0.5), InlineData(0.99)]
    public void In_expectation_replaced_and_unchanged_tokens_count_alike(double time)
    {
        var loss = new HybridCrossEntropy(Setup(4), Lambda: 0.5, PerVisible: true, Continuous: true);
        var now = loss.Setup.At(time);
        Close.Assert(1, now.Mask * loss.Weight(now, masked: true, unchanged: false), 1e-12);
        Close.Assert(0.5 * Epsilon * (1 - Epsilon), now.Uniform * loss.Weight(now, masked: false, unchanged: false), 1e-12);
        Close.Assert(0.5 * Epsilon * (1 - Epsilon), now.Keep * loss.Weight(now, masked: false, unchanged: true), 1e-12);
    }

    [Theory, InlineData(0), InlineData(1)]
    public void Weights_are_finite_at_both_ends_of_the_noise(double time)
    {
        var loss = new HybridCrossEntropy(Setup(4), Lambda: 1, PerVisible: true, Continuous: true);
        foreach (var now in new[] { loss.Setup.At(time), loss.Setup.Process.At(loss.Setup.Schedule.Sigma(time)) })
        {
            foreach (var (masked, unchanged) in new[] { (true, false), (false, false), (false, true) })
                Assert.InRange(loss.Weight(now, masked, unchanged), 0, 1 / HybridCrossEntropy.LeastShare);
        }
    }

    [Fact]
    public void Without_uniform_tokens_it_is_the_masked_bound()
    {
        var setup = Setup(4) with { Process = new Absorbing() };
        long[] x = [0, 2, 1, 1];
        var draw = new LevelDraw([0, 0, 0, 0], [0.3, 0.3, 0.3, 0.3], null, 1);
        Close.Assert(
            ExactBound.At(new MaskedNelbo(setup).Of, new ToyDenoiser(), setup, x, draw),
            ExactBound.At(new HybridCrossEntropy(setup, Lambda: 0, PerVisible: true, Continuous: true).Of, new ToyDenoiser(), setup, x,
                draw), 1e-12);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Its_minimiser_is_the_prediction_without_the_own_token_as_the_bound_reads_it(int xt)
    {
        double[] distribution = [0.5, 0.3, 0.2];
        var setup = new DiffusionSetup(new Vocabulary("three", 3), new EpsilonHybrid(Epsilon), new LogLinear(0), Hyperschedule.Flat(1, 1),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
        using var scope = TorchSharp.torch.NewDisposeScope();
        var logits = TorchSharp.torch.tensor([.. distribution.Select(p => Math.Log(p)), 0], [1, 1, 4], requires_grad: true);
        var batch = NoisyBatch.Of(setup, new ExampleBatch([0, 1, 2], [1, 2, 3]), [xt, xt, xt],
            [.. Enumerable.Repeat(new LevelDraw([0], [0.4], null, 1), 3)]);
        var losses = new HybridCrossEntropy(setup, Lambda: 0.7, PerVisible: false, Continuous: true).Of(
            new FixedLogits(logits.repeat(3, 1, 1)), batch, TorchSharp.torch.CPU);
        double[] joint = [.. distribution.Select((p, x0) => p * setup.At(0.4).Probability(xt, x0, 3))];
        Backpropagation.Run((losses.flatten() * TorchSharp.torch.tensor(joint)).sum());
        Close.Assert([0, 0, 0, 0], logits.grad!, 1e-12);
    }

    [Fact]
    public void Its_likelihood_is_the_bound_of_the_hybrid_process()
    {
        var flat = Setup(4);
        Assert.Equal(new Nelbo(flat, Continuous: true), new HybridCrossEntropy(flat, 1, PerVisible: true, Continuous: true).ForLikelihood);
        var slide = flat with { Hyperschedule = Hyperschedule.Slide(4, 2, 1) };
        Assert.Equal(new Nelbo(slide, Continuous: false),
            new HybridCrossEntropy(slide, 1, PerVisible: false, Continuous: false).ForLikelihood);
    }

    private static DiffusionSetup Setup(int length) => new(
        new Vocabulary("toy", ToyDenoiser.TokenCount), new EpsilonHybrid(Epsilon), new LogLinear(0), Hyperschedule.Flat(length, length),
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
