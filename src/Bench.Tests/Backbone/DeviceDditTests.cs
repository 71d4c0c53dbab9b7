using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Numerics;
using Bench.Tests.Attention;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Backbone;

/// <summary>What the network does on other devices than the CPU, computed on the CPU.</summary>
public sealed class DeviceDditTests
{
    private static readonly DditShape Shape = TinyNetwork.Conditioned with { Vocabulary = 6 };

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Attention_in_one_operator_is_that_of_products_and_a_softmax(int path, string name, bool shifted, AttentionKind block,
        AttentionKind context)
    {
        var hyperschedule = AttentionPatterns.Paths[path];
        Assert.Equal(name, hyperschedule.Name);
        var view = new BackboneView(shifted, block, Conditioning.Sigma, context);
        LevelDraw[] draws = [.. new[] { 0.1, 0.6 }.Select(level => hyperschedule.Draw(level, _ => level, continuous: false))];
        foreach (var layout in new[] { SequenceLayout.Step(hyperschedule, hyperschedule.Steps / 2, hyperschedule.Length, view),
            SequenceLayout.Doubled(hyperschedule, draws, view) })
        {
            AreAlike(layout);
        }
    }

    // The same mask without one in memory.
    [Theory, InlineData(false), InlineData(true)]
    public void Full_and_causal_attention_need_no_mask(bool causal) => AreAlike(SequenceLayout.Single(7, causal));

    [Fact]
    public void Behind_a_cache_it_is_the_same()
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        using var network = TinyNetwork.Of(Shape);
        var hyperschedule = Hyperschedule.Block(6, 2, 2);
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma);
        double[][] found = [.. new[] { false, true }.Select(Generate)];
        Close.Assert(found[0], found[1], 1e-12, "logits");

        double[] Generate(bool fused)
        {
            network.HasFusedAttention = fused;
            using var cache = network.NewCache(rows: 2, slots: 6, CPU);
            List<double> all = [];
            for (int step = 0; step < hyperschedule.Steps; step++)
            {
                var decode = DecodeStep.Of(hyperschedule, step, hyperschedule.WindowAt(step), view, cache.Positions);
                var tokens = Tokens(2, decode.Positions.Length);
                var logits = network.Logits(new DenoiserInput(tokens, tensor(new[] { 0.3, 0.7 })) { Kept = (decode, cache) });
                all.AddRange(logits.flatten().data<double>().ToArray());
                cache.Keep(decode.Positions.Take(decode.Settled));
            }

            return [.. all];
        }
    }

    [Theory, InlineData(Conditioning.Sigma), InlineData(Conditioning.Time), InlineData(Conditioning.Constant)]
    public void Named_noise_levels_are_those_that_are_read_back(Conditioning conditioning)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(Shape with { Conditioning = conditioning });
        double[] sigma = [0.1, 0.1, 3, double.PositiveInfinity, 0.1, 0, 3, 0.2, 0.2, 0.2];
        var input = new DenoiserInput(Tokens(2, 5), tensor(sigma, [2, 5]));
        Assert.Equal([0.1, 3, double.PositiveInfinity, 0, 0.2], NoiseLevels.Of(sigma).Distinct);
        var named = input with { Levels = NoiseLevels.Of(sigma) };
        Close.Assert(Numbers(network.Logits(input)), Numbers(network.Logits(named)), 1e-12, "logits");
        Assert.Null(NoiseLevels.Of(sigma, input.Sigma)); // the CPU reads them
    }

    [Fact]
    public void Kernels_of_the_suite_are_never_asked_for_tensors_elsewhere()
    {
        using var scope = NewDisposeScope();
        var elsewhere = zeros([4, 8], float32, new Device("meta"));
        foreach (var (kernel, _) in KernelSwitch.Each)
        {
            Assert.False(FusedKernels.Supports(kernel, elsewhere, ScalarType.Float32));
            Assert.False(FusedKernels.Supports(kernel, elsewhere, ScalarType.BFloat16));
        }

        Assert.False(OptimiserKernel.Supports(elsewhere));
        Assert.Throws<ArgumentException>(() => FusedKernels.LinearWithoutGradient(elsewhere, zeros(3, 8)));
    }

    private static void AreAlike(SequenceLayout layout)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(Shape);
        int rows = Math.Max(2, layout.Masks);
        var tokens = Tokens(rows, layout.Slots);
        var sigma = tensor(Enumerable.Range(0, rows).Select(row => 0.2 + row).ToArray());
        double[][] products = All(fused: false), one = All(fused: true);
        foreach (var (x, y) in products.Zip(one))
            Close.Assert(x, y, 1e-10, "logits or a gradient");

        double[][] All(bool fused)
        {
            network.HasFusedAttention = fused;
            foreach (var parameter in network.parameters())
                parameter.grad = null;
            var logits = network.Logits(tokens, sigma, layout: layout);
            Backpropagation.Run(logits.square().sum());
            return [Numbers(logits), .. network.parameters().Select(parameter => Numbers(parameter.grad!))];
        }
    }

    private static double[] Numbers(Tensor x) => x.detach().contiguous().data<double>().ToArray();

    private static Tensor Tokens(int rows, int slots) =>
        tensor([.. Enumerable.Range(0, rows * slots).Select(i => (long)RandomStream.Root(9).Below(5, 0, i))], [rows, slots]);
}
