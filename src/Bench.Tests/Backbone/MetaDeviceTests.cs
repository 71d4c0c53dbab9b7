using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Attention;
using Bench.Tests.Objectives;
using Bench.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>
/// Networks on another device, as far as that can be seen without one: on libtorch's meta device a tensor that was left on the CPU, or a
/// number that is read back, is refused by most operators. Those that let it pass are found by <c>DeviceArgumentTests</c>.
/// </summary>
public sealed class MetaDeviceTests
{
    private static readonly NetworkMethod[] Methods = [.. MethodTable.All.OfType<NetworkMethod>()];

    public static TheoryData<Conditioning, bool, bool, bool> Networks()
    {
        var all = new TheoryData<Conditioning, bool, bool, bool>();
        foreach (var conditioning in Enum.GetValues<Conditioning>())
        {
            foreach (bool perToken in new[] { false, true })
            {
                foreach (bool mixed in new[] { false, true })
                {
                    foreach (bool modulatedHead in new[] { false, true })
                        all.Add(conditioning, perToken, mixed, modulatedHead);
                }
            }
        }

        return all;
    }

    public static TheoryData<string> Names() => [.. Methods.Select(method => method.Name)];

    public static TheoryData<int, string> Objectives() => ObjectiveIdentities.Indices();

    [Theory, MemberData(nameof(Networks))]
    public void Every_conditioning_runs(Conditioning conditioning, bool perToken, bool mixed, bool modulatedHead) => Run(() =>
    {
        const int Rows = 2, Slots = 5;
        var shape = TinyNetwork.Conditioned with
        {
            Conditioning = conditioning, ModulatedHead = modulatedHead, EmbeddingMix = mixed ? 0.3 : null, TableMultiple = mixed ? 4 : 1,
        };
        foreach (var (type, positions) in new[] { (float32, (int?)null), (bfloat16, null), (float32, Slots), (bfloat16, Slots) })
        {
            using var network = new Ddit(shape with { LearnedPositions = positions }, RandomStream.Root(1)).On(MetaKernels.Device);
            network.ProductType = type;
            double[] sigma = [.. Enumerable.Range(0, Rows * Slots).Select(i => perToken ? i * 0.1 : i / Slots * 0.1)];
            var given = Condition.Of(sigma, Rows, MetaKernels.Device);
            var tokens = zeros([Rows, Slots], int64, MetaKernels.Device);
            var wanted = zeros([3], int64, MetaKernels.Device);
            var input = new DenoiserInput(tokens, given) { Levels = NoiseLevels.Of(sigma, given) };
            IsOn(network.Logits(input), float32, Rows, Slots, shape.Vocabulary);
            IsOn(network.Logits(input with { Wanted = wanted }), float32, 3, shape.Vocabulary);
            IsOn(network.NegativeLogLikelihood(input with { Wanted = wanted }, zeros([3], int64, MetaKernels.Device), 5), float32, 3);
            IsOn(network.Features(tokens, Condition.Of([0.1, 0.2], 2, MetaKernels.Device)), float32, Rows, Slots, shape.Width);
        }
    });

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Every_view_runs(int path, string name, bool shifted, AttentionKind block, AttentionKind context) => Run(() =>
    {
        var hyperschedule = AttentionPatterns.Paths[path];
        Assert.Equal(name, hyperschedule.Name);
        var view = new BackboneView(shifted, block, Conditioning.Sigma, context);
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1)).On(MetaKernels.Device);
        var setup = new DiffusionSetup(new("letters", 5), new Absorbing(), new LogLinear(1e-3), hyperschedule, view);
        double[] levels = [0.1, 0.7];
        var clean = new ExampleBatch(new long[2 * hyperschedule.Length], [0, 1]);
        var batch = NoisyBatch.Draw(setup, clean, levels, continuous: false, RandomStream.Root(2));
        IsOn(batch.Logits(network, [0, 1], MetaKernels.Device), float32, 2, 6);

        // A generation: behind a cache where the view allows one, and without.
        int step = hyperschedule.Steps / 2;
        var layout = SequenceLayout.Step(hyperschedule, step, hyperschedule.Length, view);
        var (window, noise) = (zeros([2, layout.Slots], int64, MetaKernels.Device), Condition.Of([0.1, 0.2], 2, MetaKernels.Device));
        IsOn(network.Logits(window, noise, layout: layout), float32, 2, layout.Slots, 6);
        if (!hyperschedule.NeedsContext || !Caching.IsCacheable(hyperschedule, view))
            return;
        using var cache = network.NewCache(2, hyperschedule.Length + 1, MetaKernels.Device);
        foreach (var rows in new[] { null, zeros([1], int64, MetaKernels.Device) })
        {
            var decode = DecodeStep.Of(hyperschedule, step, hyperschedule.WindowAt(step), view, cache.Positions);
            int count = rows is null ? 2 : 1;
            cache.Rows = rows;
            var held = zeros([count, decode.Positions.Length], int64, MetaKernels.Device);
            var input = new DenoiserInput(held, Condition.Of(new double[count], count, MetaKernels.Device)) { Kept = (decode, cache) };
            IsOn(network.Logits(input), float32, count, decode.Positions.Length, 6);
            cache.Rows = null;
            cache.Keep(decode.Positions.Take(decode.Settled));
        }
    });

    // With the loss: targets, weights and indices of what it looks at.
    [Theory, MemberData(nameof(Names))]
    public void The_loss_of_every_method_runs(string name) => Run(() =>
    {
        var method = Methods.Single(row => row.Name == name);
        var setup = method.Setup(TinyTask.Vocabulary, 16);
        using var network = new Ddit(new DditShape(TinyTask.Vocabulary.Size, 2, 16, 2, 8, method.View.Conditioning), RandomStream.Root(1))
            .On(MetaKernels.Device);
        var given = new bool[32];
        given[3] = true;
        foreach (var objective in new[] { method.Objective(setup), method.Objective(setup).ForLikelihood })
            Loss(objective, network, new ExampleBatch(new long[32], [0, 1]) { Given = given }, [0.3, 0.8]);
    });

    [Theory, MemberData(nameof(Objectives))]
    public void The_loss_of_every_objective_runs(int index, string name) => Run(() =>
    {
        var objective = ObjectiveIdentities.All[index];
        Assert.Equal(name, objective.Name);
        using var network = new Ddit(new DditShape(4, 1, 16, 2, 8, Conditioning.Constant), RandomStream.Root(1)).On(MetaKernels.Device);
        Loss(objective, network, ObjectiveIdentities.Batch, ObjectiveIdentities.Levels);
    });

    [Fact]
    public void Dropout_is_drawn_where_the_activations_are() => Run(() =>
    {
        using var network = new Ddit(TinyNetwork.Conditioned with { Dropout = 0.1 }, RandomStream.Root(1)).On(MetaKernels.Device);
        network.train();
        network.DropoutDraws = RandomStream.Root(3);
        network.FirstRow = 4;
        IsOn(network.Logits(zeros([2, 5], int64, MetaKernels.Device), Condition.Of([0.1, 0.2], 2, MetaKernels.Device)), float32, 2, 5, 6);
    });

    // What makes the tests above worth something.
    [Fact]
    public void A_tensor_that_was_left_on_the_CPU_is_found()
    {
        Assert.NotEmpty(MetaKernels.Strays(() =>
        {
            using var scope = NewDisposeScope();
            zeros([4, 2], float32, MetaKernels.Device).index_select(0, zeros(2, int64));
        }));
        Assert.ThrowsAny<Exception>(() => zeros([4], float32, MetaKernels.Device) + zeros(4));
        Assert.ThrowsAny<Exception>(() => zeros([4], float32, MetaKernels.Device).data<float>());
    }

    private static void Loss(IObjective objective, Ddit network, ExampleBatch batch, double[] levels)
    {
        var nats = objective.Draw(batch, levels, RandomStream.Root(2))(network, MetaKernels.Device);
        Assert.Equal(TorchSharp.DeviceType.META, nats.device_type);
        Assert.Equal([batch.Rows, batch.Length], nats.shape);
    }

    private static void IsOn(Tensor found, ScalarType type, params long[] shape)
    {
        Assert.Equal(TorchSharp.DeviceType.META, found.device_type);
        Assert.Equal(type, found.dtype);
        Assert.Equal(shape, found.shape);
    }

    private static void Run(Action work) => Assert.Empty(MetaKernels.Strays(() =>
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        work();
    }));
}
