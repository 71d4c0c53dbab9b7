using Bench.Kernels;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>Each fused kernel is the chain of operators that it stands for, forward and backward, in each instruction set that this machine has.</summary>
[Collection(nameof(Alone))]
public sealed class FusedKernelsTests : KernelTests
{
    private const int Width = 24, Parts = 6;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Normalisation_is_modulated(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, length, distinct) in Shapes)
        {
            var index = Index(rows, length, distinct);
            Tensor[] inputs = [Leaf(float32, rows, length, Width), Leaf(float32, Width), Leaf(float32, distinct ?? rows, Parts * Width)];
            Agree(type, inputs, t => FusedKernels.Normalise(t[0], t[1], t[2], index, 3, 4, type), t => ((Normal(t) * (Part(t[2], index, t[0], 4) + 1)) + Part(t[2], index, t[0], 3)).to(type));
            Agree(type, inputs[..2], t => FusedKernels.Normalise(t[0], t[1], null, null, 0, 0, type), t => Normal(t).to(type));
        }

        static Tensor Normal(Tensor[] t) => nn.functional.layer_norm(t[0], [Width], t[1]);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void A_branch_is_gated(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, length, distinct) in Shapes)
        {
            var index = Index(rows, length, distinct);
            Tensor[] inputs = [Leaf(float32, rows, length, Width), Leaf(type, rows, length, Width), Leaf(float32, Width), Leaf(float32, distinct ?? rows, Parts * Width)];
            Agree(type, inputs, t => FusedKernels.Gate(t[0], t[1], t[2], t[3], index, 5), t => t[0] + (Part(t[3], index, t[0], 5) * (t[1].to(float32) + t[2])));
            Agree(type, [inputs[0], inputs[1], inputs[3]], t => FusedKernels.Gate(t[0], t[1], null, t[2], index, 0), t => t[0] + (Part(t[2], index, t[0], 0) * t[1].to(float32)));
            Agree(type, inputs[..3], t => FusedKernels.Gate(t[0], t[1], t[2], null, null, 0), t => t[0] + t[1].to(float32) + t[2]);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Gelu_has_its_bias(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        Agree(type, [Leaf(type, 37, 50), Leaf(float32, 50)], t => FusedKernels.Gelu(t[0], t[1]), t => nn.functional.gelu(t[0].to(float32) + t[1], TorchSharp.Modules.GELU.Approximate.tanh).to(type));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Attention_is_rotary_and_masked(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, length, heads, width, masks) in new[] { (2, 10, 2, 8, 0), (3, 70, 2, 32, 1), (2, 150, 1, 24, 2), (1, 128, 2, 64, 1) })
        {
            var angles = Uniform(masks > 1 ? rows : 1, length, 1, width / 2) * 6;
            var mask = masks == 0 ? null : Mask(masks, length);
            Agree(
                type, [Leaf(type, rows, length, 3 * heads * width)],
                t => FusedKernels.Attention(t[0], angles.cos(), angles.sin(), mask, heads),
                t =>
                {
                    var qkv = t[0].to(float32).view(rows, length, 3, heads, width).unbind(2);
                    Tensor[] each = [.. qkv.Select((x, i) => (i < 2 ? Rotated(x, angles.cos(), angles.sin()) : x).transpose(1, 2))];
                    var scores = each[0].matmul(each[1].transpose(2, 3)) / Math.Sqrt(width);
                    return (mask is null ? scores : scores + mask).softmax(-1).matmul(each[2]).transpose(1, 2).reshape(rows, length, heads * width).to(type);
                });
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Surprise_leaves_the_closed_entry_out(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, words) in new[] { (7, 29), (3, 5001), (70, 2) })
        {
            var targets = tensor(Enumerable.Range(0, rows).Select(i => (long)(i * 13 % words)).ToArray());
            var closed = arange(words + 1, int64).eq(words);
            Agree(type, [Leaf(type, rows, words + 1)], t => FusedKernels.Surprise(t[0], null, targets, words), t => Nats(t[0].to(float32).masked_fill(closed, float.NegativeInfinity)));
            Agree(type, [Leaf(type, rows, words + 1), Leaf(float32, words + 1)], t => FusedKernels.Surprise(t[0], t[1], targets, words), t => Nats((t[0].to(float32) + t[1]).masked_fill(closed, float.NegativeInfinity)));
            Agree(type, [Leaf(type, rows, words + 1)], t => FusedKernels.Surprise(t[0], null, targets, -1), t => Nats(t[0].to(float32)));

            Tensor Nats(Tensor logits) => logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg();
        }
    }

    [Fact]
    public void No_bit_depends_on_the_threads()
    {
        int before = get_num_threads();
        try
        {
            float[][] each = [.. new[] { 1, 2, 3 }.Select(threads =>
            {
                set_num_threads(threads);
                Restart();
                using var scope = NewDisposeScope();
                var (x, weight, table) = (Leaf(float32, 40, 33, Width), Leaf(float32, Width), Leaf(float32, 9, Parts * Width));
                var y = FusedKernels.Normalise(x, weight, table, Index(40, 33, 9), 0, 1, float32);
                FusedKernels.Gate(x, FusedKernels.Attention(cat([y, y, y], -1), ones([1, 33, 1, 6]), zeros([1, 33, 1, 6]), null, 2), weight, table, Index(40, 33, 9), 2).square().sum().backward();
                return new[] { x, weight, table }.SelectMany(leaf => leaf.grad!.data<float>().ToArray()).ToArray();
            })];
            Assert.Equal(each[0], each[1]);
            Assert.Equal(each[0], each[2]);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var (x, weight) = (Leaf(float32, 4, 3, Width), Leaf(float32, Width));
        Assert.Throws<TorchException>(() => FusedKernels.Normalise(x, weight, Leaf(float32, 5, Parts * Width), null, 0, 1, float32));
        Assert.Throws<TorchException>(() => FusedKernels.Normalise(x, weight, Leaf(float32, 4, Parts * Width), null, 0, Parts, float32));
        Assert.Throws<TorchException>(() => FusedKernels.Gelu(x.to(float64), weight));
        Assert.Throws<TorchException>(() => FusedKernels.Gelu(x.transpose(0, 1), weight));
        Assert.Throws<TorchException>(() => FusedKernels.Surprise(x, null, zeros([4], int64), -1));
        Assert.Throws<TorchException>(() => FusedKernels.Surprise(x, null, full([4, 3], Width, int64), -1));
        Assert.Throws<TorchException>(() => FusedKernels.InstructionSet = "sse9");
        Assert.Contains(Best, (string[])["avx512", "avx2", "plain"]); // a misspelt name above would pass in silence
    }

    // Few rows, many rows, and tokens that share rows in any order.
    private static (int Rows, int Length, int? Distinct)[] Shapes => [(4, 10, null), (33, 3, null), (3, 20, 7)];

    private static Tensor Part(Tensor table, Tensor? index, Tensor like, int part)
    {
        var rows = table.narrow(1, part * Width, Width);
        return index is null ? rows.unsqueeze(1) : rows.index_select(0, index).view(like.shape);
    }

    private static Tensor? Index(int rows, int length, int? distinct) =>
        distinct is { } many ? tensor(Enumerable.Range(0, rows * length).Select(i => (long)(i * 5 % many)).ToArray()) : null;

    // Values and gradients, to the rounding of the type relative to the largest.
    private void Agree(ScalarType type, Tensor[] inputs, Func<Tensor[], Tensor> fused, Func<Tensor[], Tensor> plain)
    {
        using var scope = NewDisposeScope();
        Tensor? along = null;
        float[][] a = All(fused), b = All(plain);
        double most = type == bfloat16 ? 0.02 : 2e-5;
        foreach (var (x, y) in a.Zip(b))
        {
            Assert.Equal(y.Length, x.Length);
            double scale = y.Max(Math.Abs);
            Assert.True(x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second)) <= most * scale, $"{x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second))} of {scale}");
        }

        float[][] All(Func<Tensor[], Tensor> chain)
        {
            Tensor[] leaves = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
            var value = chain(leaves);
            along ??= Uniform(value.shape) - 0.5;
            (value.to(float32) * along).sum().backward();
            return [.. leaves.Select(leaf => leaf.grad!).Prepend(value).Select(tensor => tensor.detach().to(float32).contiguous().data<float>().ToArray())];
        }
    }
}
