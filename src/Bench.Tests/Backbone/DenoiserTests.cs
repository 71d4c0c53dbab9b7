using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Bench.Tests.Sampling;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Backbone;

/// <summary>Objectives and samplers call a network through one interface, so that a wrapper can change its logits.</summary>
public sealed class DenoiserTests
{
    private static readonly double[] Bias = [0.3, -0.8, 0.5, 0];

    public static TheoryData<int, string> Objectives() => ObjectiveIdentities.Indices();

    public static TheoryData<int, string> Samplers() => SamplerIdentities.Samplers();

    [Theory, MemberData(nameof(Objectives))]
    public void Every_objective_reads_what_a_denoiser_around_the_network_makes_of_its_logits(int index, string name)
    {
        using var scope = NewDisposeScope();
        var positions = tensor([.. Enumerable.Range(0, 20).Select(i => Math.Sin(1 + (3.7 * i)))]).view(5, 4);
        var tokens = tensor([.. Enumerable.Range(0, 16).Select(i => Math.Cos(2 + (1.9 * i)))]).view(4, 4);
        var plain = new TableDenoiser(positions, tokens);
        IObjective[] asked = [ObjectiveIdentities.All[index], ObjectiveIdentities.All[index].ForLikelihood];
        foreach (var objective in asked.Distinct())
        {
            double[] Nats(IDenoiser network) => objective
                .PerPosition(network, ObjectiveIdentities.Batch, ObjectiveIdentities.Levels, RandomStream.Root(3), CPU).data<double>()
                .ToArray();
            Assert.Equal(Nats(plain), Nats(new Around(plain)));
            double[] biased = Nats(new Around(plain, (_, logits) => logits + tensor(Bias)));
            Close.Assert(Nats(new TableDenoiser(positions + tensor(Bias), tokens)), biased, 1e-10, name);
            Assert.NotEqual(Nats(plain), biased);
        }
    }

    [Theory, MemberData(nameof(Samplers))]
    public void Every_sampler_does_too_with_kept_keys_as_without(int index, string name)
    {
        var sampler = EverySampler.All[index];
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Vocabulary = ToyDenoiser.TokenCount + 1 });
        bool changes = false;
        foreach (var setup in EverySampler.Setups(sampler, 4))
        {
            Generation Draw(IDenoiser denoiser) => sampler.Generate(denoiser, setup, 6, RandomStream.Root(2));
            var (plain, around) = (Draw(network), Draw(new Around(network)));
            Assert.Equal(plain.Sequences, around.Sequences);
            Assert.Equal((plain.NetworkCalls, plain.NetworkTokens, plain.CacheBytes),
                (around.NetworkCalls, around.NetworkTokens, around.CacheBytes));
            // What was drawn first becomes all but impossible.
            double[] bias =
                [.. Enumerable.Range(0, ToyDenoiser.TokenCount + 1).Select(token => token == plain.Sequences[0][0] ? -60.0 : 0)];
            var biased = Draw(new Around(network, (_, logits) => logits + tensor(bias)));
            changes |= !plain.Sequences.SelectMany(text => text).SequenceEqual(biased.Sequences.SelectMany(text => text));
        }

        Assert.True(changes, name);
    }

    [Fact]
    public void Gradients_reach_the_distributions_that_stand_for_tokens()
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var tokens = tensor([0L, 3, 5, 1, 2, 4], [2, 3]);
        var (sigma, weights) = (tensor([0.4, 1.5]), tensor([.. Enumerable.Range(0, 36).Select(i => Math.Sin(i))]).view(2, 3, 6));
        var hot = nn.functional.one_hot(tokens, 6).to(float64);
        Close.Assert(network.Logits(tokens, sigma).data<double>().ToArray(), network.Logits(hot, sigma), 1e-12);

        double[] values = hot.data<double>().ToArray();
        var leaf = tensor(values, [2, 3, 6]).requires_grad_();
        var slope = Backpropagation.Gradients([(network.Logits(leaf, sigma) * weights).sum()], [leaf])[0]!.data<double>().ToArray();
        const double h = 1e-5;
        for (int i = 0; i < values.Length; i++)
        {
            double At(double value) =>
                (network.Logits(tensor([.. values[..i], value, .. values[(i + 1)..]], [2, 3, 6]), sigma) * weights).sum().item<double>();
            Close.Assert((At(values[i] + h) - At(values[i] - h)) / (2 * h), slope[i], 1e-7, $"entry {i}");
        }
    }

    [Fact]
    public void A_denoiser_may_take_gradients_while_a_sampler_takes_none()
    {
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = Conditioning.Constant });
        double steepest = 0;
        var guided = new Around(network, (asked, logits) =>
        {
            using var recorded = enable_grad();
            var hot = nn.functional.one_hot(asked.Tokens, 6).to(float64).requires_grad_();
            var slope =
                Backpropagation.Gradients([network.Logits(asked with { Tokens = hot, Kept = null }).select(-1, 1).sum()], [hot])[0]!;
            steepest = Math.Max(steepest, slope.abs().max().item<double>());
            return logits;
        });
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant);
        var setup = new DiffusionSetup(new Vocabulary("tiny", 5), new Absorbing(), new LogLinear(0), Hyperschedule.Flat(4, 4), view);
        Assert.Equal(
            new Bench.Sampling.Samplers.Ancestral().Generate(network, setup, 3, RandomStream.Root(1)).Sequences,
            new Bench.Sampling.Samplers.Ancestral().Generate(guided, setup, 3, RandomStream.Root(1)).Sequences);
        Assert.True(steepest > 1e-6);
    }

    /// <summary>A denoiser around a network; without a change it is the network, bit for bit.</summary>
    private sealed class Around(IDenoiser network, Func<DenoiserInput, Tensor, Tensor>? change = null) : IDenoiser
    {
        public bool IsCaching => network.IsCaching;

        public Tensor Logits(DenoiserInput input)
        {
            using var scope = NewDisposeScope();
            var logits = network.Logits(input);
            return (change is null ? logits : change(input, logits)).MoveToOuterDisposeScope();
        }

        public Tensor NegativeLogLikelihood(DenoiserInput input, Tensor targets, long maskId) => change is null
            ? network.NegativeLogLikelihood(input, targets, maskId)
            : Subs.NegativeLogLikelihood(Logits(input), targets, maskId);

        public KeyValueCache? NewCache(int rows, int columns, Device device) => network.NewCache(rows, columns, device);
    }
}
