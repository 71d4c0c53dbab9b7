using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class GiddLossTests
{
    private const int N = 5;

    private static readonly double[] Guess = [0.10, 0.20, 0.30, 0.25, 0.15];

    [Fact]
    public void The_weights_of_the_bound_have_their_known_values()
    {
        var loss = new GiddLoss(Setup(0.2), new ClippedWeights());
        Close.Assert(
            [0.148809523810, 3.125, 6.25],
            [loss.BoundWeight(0.2, masked: false, unchanged: true), loss.BoundWeight(0.2, masked: false, unchanged: false),
                loss.BoundWeight(0.2, masked: true, unchanged: false)], 1e-11);
    }

    [Theory, InlineData(1, 0.331413787406), InlineData(3, 3.384686847777), InlineData(5, 3.054861172313)]
    public void The_bound_has_its_known_values(int z, double expected) => Close.Assert(expected, Bound(0.2, z), 1e-10);

    [Fact]
    public void Without_uniform_noise_it_is_the_masked_bound()
    {
        Close.Assert(-Math.Log(Guess[1]) / 0.3, Bound(1e-12, z: 5), 1e-9); // 1/t times the negative log-likelihood
        Close.Assert(0, Bound(1e-12, z: 1), 1e-9);
    }

    [Fact]
    public void A_limit_above_all_weights_changes_nothing()
    {
        foreach (int z in new[] { 1, 3, 5 })
            Close.Assert(Bound(0.2, z), Loss(new ClippedWeights(1e3), z), 1e-12);
    }

    [Fact]
    public void Other_weights_scale_the_loss_in_proportion()
    {
        // w at t = 0.3: 1/(t(1 − t)) for the mask, and the two others by their formulas with c = B √(t(1 − t)), B = 0.5.
        double c = 0.5 * Math.Sqrt(0.21), slope = 0.5 * 0.4 / 0.21 * c, rate = (c + (0.7 * slope)) / 0.7;
        double[] bound = [rate / (N * (0.7 + (c / N))), rate / c, 1 / 0.21], dynamic = [0.5 / N * Math.Sqrt(0.3 / 0.7), 1, 2];
        foreach (var (k, z) in new[] { 1, 3, 5 }.Index())
        {
            Close.Assert(Bound(0.2, z) * dynamic[k] / bound[k], Loss(new DynamicWeights(), z), 1e-12);
            Close.Assert(Bound(0.2, z) * Math.Min(1, 2 / bound[k]), Loss(new ClippedWeights(), z), 1e-12);
        }
    }

    [Theory, InlineData(0.01), InlineData(0.3), InlineData(0.9)]
    public void The_ratio_of_correct_to_incorrect_tokens_is_that_of_the_bound(double t)
    {
        var (loss, bound) = (new GiddLoss(Setup(0.2), new DynamicWeights()), new GiddLoss(Setup(0.2), new ClippedWeights(double.MaxValue)));
        double ratio = loss.Weight(t, masked: false, unchanged: true) / loss.Weight(t, masked: false, unchanged: false);
        Close.Assert(ratio / (1 + ratio),
            bound.BoundWeight(t, masked: false, unchanged: true) / bound.BoundWeight(t, masked: false, unchanged: false), 1e-10);
        Assert.Equal(2 * loss.Weight(t, masked: false, unchanged: false), loss.Weight(t, masked: true, unchanged: false));
    }

    private static double Bound(double share, int z) => Value(new Nelbo(Setup(share), Continuous: true).Of, share, z);

    private static double Loss(IGiddWeighting weighting, int z) => Value(new GiddLoss(Setup(0.2), weighting).Of, 0.2, z);

    private static double Value(Func<IDenoiser, NoisyBatch, Device, Tensor> loss, double share, int z)
    {
        using var scope = NewDisposeScope();
        var batch = NoisyBatch.Of(Setup(share), new ExampleBatch([1], [0]), [z], [new LevelDraw([0], [0.3], null, 1)]);
        return loss(new Golden.FixedLogits(tensor([.. Guess.Select(p => Math.Log(p)), 0], [1, 1, N + 1])), batch, CPU).item<double>();
    }

    private static DiffusionSetup Setup(double share) => new(
        new Vocabulary("gidd", N), new Gidd(share), new LogLinear(0), Hyperschedule.Flat(1, 1),
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
