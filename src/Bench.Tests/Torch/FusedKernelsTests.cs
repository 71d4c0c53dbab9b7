using Bench.Kernels;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>Each fused kernel is the chain of operators that it stands for, forward and backward, in each instruction set that this machine has.</summary>
[Collection(nameof(Alone))]
public sealed class FusedKernelsTests : IDisposable
{
    private const int Width = 24, Parts = 6;

    private readonly string best = FusedKernels.InstructionSet;
    private ulong draws;

    public static TheoryData<string, ScalarType> Everywhere { get; } = new()
    {
        { "avx512", float32 }, { "avx512", bfloat16 }, { "avx2", float32 }, { "avx2", bfloat16 }, { "plain", float32 }, { "plain", bfloat16 },
    };

    public void Dispose() => FusedKernels.InstructionSet = best;

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
    public void Attention_behind_kept_columns_is_attention_over_all_of_them(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, kept, length, heads, width, isMasked, some) in new[]
        {
            (3, 0, 1, 2, 8, false, false), (3, 13, 1, 2, 32, false, false), (2, 5, 7, 1, 24, true, false), (2, 90, 70, 2, 6, true, false),
            (2, 0, 3, 2, 8, true, true), (2, 13, 1, 2, 32, false, true), (4, 70, 20, 1, 64, true, true), (1, 9, 2, 3, 2, false, true),
        })
        {
            const int Rows = 4, Spare = 3; // rows of the buffers where some are chosen, and columns beyond those in use
            using var none = no_grad();
            var qkv = Leaf(type, rows, length, 3 * heads * width);
            var angles = Uniform(1, length, 1, width / 2) * 6;
            var (cosines, sines) = (angles.cos(), angles.sin());
            var (keys, values) = (Uniform(some ? Rows : rows, heads, kept + length + Spare, width), Uniform(some ? Rows : rows, heads, kept + length + Spare, width));
            var chosen = some ? tensor(Enumerable.Range(0, rows).Select(i => (long)(Rows - 1 - i)).ToArray()) : null;
            var mask = isMasked ? Mask(1, kept + length).narrow(2, kept, length).contiguous() : null;
            Tensor[] each = [.. qkv.to(float32).view(rows, length, 3, heads, width).unbind(2).Select((x, i) => (i < 2 ? Rotated(x, cosines, sines) : x).transpose(1, 2))];
            var (keysBefore, valuesBefore) = (keys.clone(), values.clone());

            var found = FusedKernels.AttentionBehind(qkv, cosines, sines, mask, heads, keys, values, kept, chosen);

            var (k, v) = (Behind(keysBefore, each[1]), Behind(valuesBefore, each[2]));
            var scores = each[0].matmul(k.transpose(2, 3)) / Math.Sqrt(width);
            var expected = (mask is null ? scores : scores + mask).softmax(-1).matmul(v).transpose(1, 2).reshape(rows, length, heads * width);
            AssertClose(expected, found.to(float32), type == bfloat16 ? 0.01 : 2e-6);
            if (some)
            {
                Assert.Equal(Numbers(keysBefore).Concat(Numbers(valuesBefore)), Numbers(keys).Concat(Numbers(values)));
                continue;
            }

            AssertClose(cat([k, keysBefore.narrow(2, kept + length, Spare)], 2), keys, 1e-6);
            AssertClose(cat([v, valuesBefore.narrow(2, kept + length, Spare)], 2), values, 1e-6);

            Tensor Behind(Tensor buffer, Tensor computed) => cat([(chosen is null ? buffer : buffer.index_select(0, chosen)).narrow(2, 0, kept), computed], 2);
        }

        static float[] Numbers(Tensor x) => x.contiguous().data<float>().ToArray();

        static void AssertClose(Tensor expected, Tensor found, double relative)
        {
            Assert.Equal(expected.shape, found.shape);
            float[] x = Numbers(expected), y = Numbers(found);
            Assert.True(x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second)) <= relative * x.Max(Math.Abs));
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
                draws = 0;
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
        var (qkv, angles, buffer) = (Uniform(2, 3, 24), ones([1, 3, 1, 4]), zeros([2, 1, 5, 8]));
        Assert.Contains("no room", Refusal(kept: 3), StringComparison.Ordinal);
        Assert.Contains("no room", Refusal(kept: -1), StringComparison.Ordinal);
        Assert.Contains("a mask is", Refusal(mask: zeros([1, 1, 3, 4])), StringComparison.Ordinal);
        Assert.Contains("are not there", Refusal(rows: tensor(new long[] { 0, 2 })), StringComparison.Ordinal);
        Assert.Contains("each sequence", Refusal(rows: tensor(new long[] { 0 })), StringComparison.Ordinal);
        Assert.Contains("no gradient", Refusal(x: Leaf(float32, 2, 3, 24)), StringComparison.Ordinal);
        Assert.Contains("float32", Refusal(keys: buffer.to(bfloat16)), StringComparison.Ordinal);
        Assert.Throws<TorchException>(() => FusedKernels.InstructionSet = "sse9");
        Assert.Contains(best, (string[])["avx512", "avx2", "plain"]); // a misspelt name above would pass in silence

        string Refusal(Tensor? x = null, Tensor? mask = null, int kept = 2, Tensor? rows = null, Tensor? keys = null) =>
            Assert.Throws<TorchException>(() => FusedKernels.AttentionBehind(x ?? qkv, angles, angles, mask, heads: 1, keys ?? buffer, buffer, kept, rows)).Message;
    }

    // Few rows, many rows, and tokens that share rows in any order.
    private static (int Rows, int Length, int? Distinct)[] Shapes => [(4, 10, null), (33, 3, null), (3, 20, 7)];

    private static bool Choose(string set)
    {
        try
        {
            FusedKernels.InstructionSet = set;
            return true;
        }
        catch (TorchException) when (set != "plain")
        {
            return false; // this processor lacks it; plain C++ runs everywhere
        }
    }

    private static Tensor Rotated(Tensor x, Tensor cosines, Tensor sines)
    {
        var halves = x.chunk(2, -1);
        return cat([(halves[0] * cosines) - (halves[1] * sines), (halves[1] * cosines) + (halves[0] * sines)], -1);
    }

    private static Tensor Part(Tensor table, Tensor? index, Tensor like, int part)
    {
        var rows = table.narrow(1, part * Width, Width);
        return index is null ? rows.unsqueeze(1) : rows.index_select(0, index).view(like.shape);
    }

    private static Tensor? Index(int rows, int length, int? distinct) =>
        distinct is { } many ? tensor(Enumerable.Range(0, rows * length).Select(i => (long)(i * 5 % many)).ToArray()) : null;

    private static Tensor Mask(int masks, int length)
    {
        float[] values = [.. from mask in Enumerable.Range(0, masks) from query in Enumerable.Range(0, length) from key in Enumerable.Range(0, length) select Sees(mask, query, key) ? 0 : float.NegativeInfinity];
        return tensor(values, [masks, 1, length, length]);

        static bool Sees(int mask, int query, int key) => query == key || (mask == 0 ? key < query : (query * 7) + key < 60);
    }

    private Tensor Uniform(params long[] shape)
    {
        var numbers = new double[shape.Aggregate(1L, (a, b) => a * b)];
        RandomStream.Root(1).Split(draws++).Fill(0, numbers);
        return tensor(Array.ConvertAll(numbers, x => (float)x), shape);
    }

    private Tensor Leaf(ScalarType type, params long[] shape) => ((Uniform(shape) * 4) - 2).to(type).detach().requires_grad_();

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
