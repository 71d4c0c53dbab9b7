using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Bench.Tests.Training;
using Xunit;
using Close = Bench.Tests.Golden.Close;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

/// <summary>Identities of every objective.</summary>
public sealed class ObjectiveIdentities
{
    private const int Length = 4;

    private static readonly Vocabulary Vocabulary = new("toy", 3);
    internal static readonly ExampleBatch Batch = new([0, 2, 1, 1, 2, 2, 0, 1, 0, 0, 0, 2], [7, 8, 9]);
    internal static readonly double[] Levels = [0.2, 0.55, 0.9];

    // Each objective in all that it can be asked to be.
    internal static readonly IObjective[] All =
    [
        new NextToken(Vocabulary.MaskId),
        new MaskedNelbo(Along(Flat, new Absorbing())),
        new MaskedNelbo(Along(Flat, new Absorbing()), Continuous: false),
        new MaskedNelbo(Along(Blocks, new Absorbing()), Masking: Masking.ExactCount),
        new Nelbo(Along(Flat, new Uniform()), Continuous: true),
        new Nelbo(Along(Blocks, new GammaHybrid(0.3)), Continuous: true),
        new Nelbo(Along(Hyperschedule.Slide(Length, 2, 1), new GammaHybrid(0.3)), Continuous: false),
        new Nelbo(Along(Flat, new Gidd(0.2)), Continuous: true),
        new Nelbo(Along(Flat, new ConstantMix(0.4)), Continuous: false),
        new Nelbo(Along(Blocks, new EpsilonHybrid(0.2)), Continuous: true),
        new LastStep(Along(Blocks, new EpsilonHybrid(0.2))),
        new GiddLoss(Along(Flat, new Gidd(0.2)), new ClippedWeights()),
        new GiddLoss(Along(Flat, new Gidd(0.2)), new DynamicWeights()),
        new GiddLoss(Along(Flat, new Gidd(0.2)), new ReleasedDynamicWeights()),
        new HybridCrossEntropy(Along(Flat, new EpsilonHybrid(0.2)), Lambda: 0.5, PerVisible: true, Continuous: true),
        new HybridCrossEntropy(Along(Blocks, new EpsilonHybrid(0.2)), Lambda: 0.5, PerVisible: false, Continuous: false),
        new HybridCrossEntropy(Along(Flat, new EpsilonHybrid(0.2), shifted: true), Lambda: 0.5, PerVisible: true, Continuous: true),
        new D3pm(Along(Flat, new Absorbing())),
        new D3pm(Along(Flat, new Absorbing()), Reconstructs: false),
        new ScoreEntropy(Along(Flat, new Absorbing()), ScaledBySigma: true),
        new ScoreEntropy(Along(Blocks, new GammaHybrid(0.3)), ScaledBySigma: false),
        new ReleasedScoreEntropy(Along(Flat, new GammaHybrid(0.3)), 0.3, ScaledBySigma: true),
        new BlockLoss(Along(Blocks, new Absorbing()), 0.3, 0.9),
        new DiffusionForcing(
            Along(Flat, new Absorbing()) with { View = new BackboneView(Shifted: false, AttentionKind.Causal, Conditioning.Constant) }),
        new AnyOrder(Along(Hyperschedule.Autoregressive(Length), new Absorbing())),
        new EvenInTime(new MaskedNelbo(Along(Flat, new Absorbing())), Along(Flat, new Absorbing())),
        new EvenInTime(new Nelbo(Along(Flat, new GammaHybrid(0.3)), Continuous: true), Along(Flat, new GammaHybrid(0.3))),
        new WithSettledTokens(new MaskedNelbo(Along(Flat, new Absorbing(), shifted: true)), Along(Flat, new Absorbing(), shifted: true)),
    ];

    private static BackboneView Shifted => new(Shifted: true, AttentionKind.Full, Conditioning.Constant, AttentionKind.Causal);

    private static Device Device => TestDevice.Device;

    private static Hyperschedule Flat => Hyperschedule.Flat(Length, 3);

    private static Hyperschedule Blocks => Hyperschedule.Block(Length, 2, 3);

    public static TheoryData<int, string> Indices()
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, objective) in All.Index())
            data.Add(index, objective.Name);
        return data;
    }

    [Fact]
    public void Every_objective_is_listed_here()
    {
        var known = All.Select(objective => objective.GetType()).ToHashSet();
        Assert.All(typeof(IObjective).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IObjective))),
            type => Assert.Contains(type, known));
    }

    [Theory, MemberData(nameof(Indices))]
    public void The_gradient_is_the_difference_quotient(int index, string name)
    {
        IObjective[] asked = [All[index], All[index].ForLikelihood, All[index].Reconstruction ?? All[index]];
        foreach (var objective in asked.Distinct())
        {
            using var scope = NewDisposeScope();
            double[] parameters = [.. Enumerable.Range(0, (Length + 1 + 4) * 4).Select(i => Math.Sin(1 + (3.7 * i)))];
            var leaf = tensor(parameters).On(Device).requires_grad_();
            Backpropagation.Run(Loss(objective, leaf));
            double[] slope = leaf.grad!.OnHost().data<double>().ToArray();
            const double h = 1e-5;
            for (int i = 0; i < parameters.Length; i++)
            {
                double At(double value) =>
                    Loss(objective, tensor([.. parameters[..i], value, .. parameters[(i + 1)..]]).On(Device)).item<double>();
                Close.Assert((At(parameters[i] + h) - At(parameters[i] - h)) / (2 * h), slope[i], 1e-7,
                    $"{name}: parameter {i} of {objective.Name}");
            }
        }
    }

    [Theory, MemberData(nameof(Indices))]
    public void The_loss_of_an_example_depends_only_on_its_index_and_level(int index, string name)
    {
        using var scope = NewDisposeScope();
        var network = Network(tensor([.. Enumerable.Range(0, (Length + 1 + 4) * 4).Select(i => Math.Sin(1 + (3.7 * i)))]).On(Device));
        double[] all = All[index].PerPosition(network, Batch, Levels, RandomStream.Root(3), Device).OnHost().data<double>().ToArray();
        double[] one = All[index].PerPosition(network, new ExampleBatch([.. Batch.Row(1)], [8]), [Levels[1]], RandomStream.Root(3), Device)
            .OnHost().data<double>().ToArray();
        Close.Assert(one, all.AsSpan(Length, Length), 1e-12, name);
        Assert.All(all, nats => Assert.InRange(nats, -1e-12, double.MaxValue));
    }

    [Theory, MemberData(nameof(Indices))]
    public void Given_tokens_have_no_loss_and_an_empty_prompt_changes_none(int index, string name)
    {
        using var scope = NewDisposeScope();
        var network = Network(tensor([.. Enumerable.Range(0, (Length + 1 + 4) * 4).Select(i => Math.Sin(1 + (3.7 * i)))]).On(Device));
        IObjective[] asked = [All[index], All[index].ForLikelihood, All[index].Reconstruction ?? All[index]];
        foreach (var objective in asked.Distinct())
        {
            double[] Nats(bool[]? given, int[]? lengths = null) => objective.PerPosition(
                network, Batch with { Given = given, Lengths = lengths }, Levels, RandomStream.Root(3), Device).OnHost().data<double>()
                .ToArray();
            Assert.Equal(Nats(null), Nats(new bool[12]));
            Assert.All(Nats([.. Enumerable.Repeat(true, 12)]), nats => Assert.Equal(0, nats));
            bool[] some = [true, false, false, true, false, true, false, false, false, false, true, true];
            double[] rest = Nats(some);
            Assert.All(rest.Zip(some), at => Assert.True(!at.Second || at.First == 0, name));
            Assert.True(rest.Sum() > 0, name);
            Assert.Equal(Nats([.. Enumerable.Range(0, 12).Select(at => at % 4 >= 2)]), Nats(null, [2, 2, 2]));
        }
    }

    [Fact]
    public void A_network_can_be_asked_for_nothing()
    {
        using var network = TinyTask.Network();
        var batch = new ExampleBatch([0, 2, 1, 1], [7]) { Given = [true, true, true, true] };
        var setup = TinyTask.Masked(4);
        IObjective[] objectives = [new MaskedNelbo(setup), new Nelbo(setup, Continuous: true), new MaskedNelbo(setup).ForLikelihood];
        foreach (var objective in objectives)
            Assert.Equal(new float[4],
                objective.PerPosition(network, batch, [0.5], RandomStream.Root(3), Device).OnHost().data<float>().ToArray());
    }

    [Fact]
    public void The_reconstruction_term_is_zero_unless_noise_remains_at_time_0()
    {
        Assert.Null(new Nelbo(Along(Flat, new Gidd(0.2)), Continuous: true).Reconstruction);
        Assert.Null(new Nelbo(Along(Flat, new EpsilonHybrid(0.2)), Continuous: false).Reconstruction); // its last step ends in clean tokens
        Assert.NotNull(new Nelbo(Along(Flat, new EpsilonHybrid(0.2)), Continuous: true).Reconstruction);
        Assert.NotNull(new Nelbo(Along(Flat, new Uniform()) with { Schedule = new Geometric(1e-4, 10) }, Continuous: true).Reconstruction);
        Assert.NotNull(new MaskedNelbo(Along(Flat, new Absorbing()) with { Schedule = new LogUniform(1e-3, 1) }).Reconstruction);
    }

    private static Tensor Loss(IObjective objective, Tensor parameters) =>
        objective.PerPosition(Network(parameters), Batch, Levels, RandomStream.Root(3), Device).sum();

    private static TableDenoiser Network(Tensor parameters)
    {
        var table = parameters.view(Length + 1 + 4, 4);
        return new TableDenoiser(table.narrow(0, 0, Length + 1), table.narrow(0, Length + 1, 4));
    }

    private static DiffusionSetup Along(Hyperschedule hyperschedule, INoiseProcess process, bool shifted = false) =>
        new(Vocabulary, process, new LogLinear(0), hyperschedule,
            shifted ? Shifted : new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
