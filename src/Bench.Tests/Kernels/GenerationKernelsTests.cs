using Bench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>
/// Kernels that generation alone asks for, which have no gradient: each is the chain of operators that it stands for, in each instruction
/// set that this machine has.
/// </summary>
[Collection(nameof(Alone))]
public sealed class GenerationKernelsTests : KernelTests
{
    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void Attention_with_a_cache_is_attention_over_all_positions(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, kept, length, heads, width, isMasked, some) in new[]
        {
            (3, 0, 1, 2, 8, false, false), (3, 13, 1, 2, 32, false, false), (2, 5, 7, 1, 24, true, false), (2, 90, 70, 2, 6, true, false),
            (2, 0, 3, 2, 8, true, true), (2, 13, 1, 2, 32, false, true), (4, 70, 20, 1, 64, true, true), (1, 9, 2, 3, 2, false, true),
        })
        {
            const int Rows = 4, Spare = 3; // rows of the buffers where some are chosen, and positions beyond those in use
            using var none = no_grad();
            var qkv = Leaf(type, rows, length, 3 * heads * width);
            var angles = Uniform(1, length, 1, width / 2) * 6;
            var (cosines, sines) = (angles.cos(), angles.sin());
            var (keys, values) = (Uniform(some ? Rows : rows, heads, kept + length + Spare, width),
                Uniform(some ? Rows : rows, heads, kept + length + Spare, width));
            // two may stand behind the same
            var chosen = some ? tensor(Enumerable.Range(0, rows).Select(i => (long)((Rows - 1 - i) / 2)).ToArray()) : null;
            var mask = isMasked ? Mask(1, kept + length).narrow(2, kept, length).contiguous() : null;
            Tensor[] each = [.. qkv.to(float32).view(rows, length, 3, heads, width).unbind(2)
                .Select((x, i) => (i < 2 ? Rotated(x, cosines, sines) : x).transpose(1, 2))];
            var (keysBefore, valuesBefore) = (keys.clone(), values.clone());

            var found = FusedKernels.AttentionWithCache(qkv, cosines, sines, mask, heads, keys, values, kept, chosen);

            var (k, v) = (Behind(keysBefore, each[1]), Behind(valuesBefore, each[2]));
            var scores = each[0].matmul(k.transpose(2, 3)) / Math.Sqrt(width);
            var expected =
                (mask is null ? scores : scores + mask).softmax(-1).matmul(v).transpose(1, 2).reshape(rows, length, heads * width);
            AssertClose(expected, found.to(float32), type == bfloat16 ? 0.01 : 2e-6);
            if (some)
            {
                Assert.Equal(Numbers(keysBefore).Concat(Numbers(valuesBefore)), Numbers(keys).Concat(Numbers(values)));
                continue;
            }

            AssertClose(cat([k, keysBefore.narrow(2, kept + length, Spare)], 2), keys, 1e-6);
            AssertClose(cat([v, valuesBefore.narrow(2, kept + length, Spare)], 2), values, 1e-6);

            Tensor Behind(Tensor buffer, Tensor computed) =>
                cat([(chosen is null ? buffer : buffer.index_select(0, chosen)).narrow(2, 0, kept), computed], 2);
        }

        static void AssertClose(Tensor expected, Tensor found, double relative)
        {
            Assert.Equal(expected.shape, found.shape);
            float[] x = Numbers(expected), y = Numbers(found);
            Assert.True(x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second)) <= relative * x.Max(Math.Abs));
        }
    }

    [KernelTheory]
    [InlineData("avx512bf16"), InlineData("avx512"), InlineData("avx2"), InlineData("plain")]
    public void A_linear_layer_is_a_linear_layer_and_no_row_depends_on_the_threads(string set)
    {
        if (!Choose(set))
            return;
        int before = get_num_threads();
        // One row, a part of a vector of outputs, whole panels and parts of them, more rows and more inputs than are taken at once.
        foreach (var (rows, inner, outer) in new[]
        {
            (1, 8, 1), (1, 37, 700), (2, 3, 7), (5, 50, 100), (16, 128, 2000), (17, 64, 97), (70, 300, 64), (300, 150, 130), (1100, 40, 70),
        })
        {
            var (x, weight, bias) = (Uniform(rows, 1, inner) - 0.5, Uniform(outer, inner) - 0.5, Uniform(outer));
            foreach (var added in new[] { null, bias })
            {
                float[] expected = Numbers(
                    nn.functional.linear(x.to(float64), weight.to(float64), added?.to(float64)).to(float32));
                float[] found = Numbers(FusedKernels.LinearWithoutGradient(x, weight, added));
                Assert.InRange(expected.Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-6 * inner);
                set_num_threads(before == 1 ? 2 : 1);
                Assert.Equal(found, Numbers(FusedKernels.LinearWithoutGradient(x, weight, added)));
                set_num_threads(before);
            }
        }

        Assert.Equal([3, 2, 4], FusedKernels.LinearWithoutGradient(zeros([3, 2, 5]), zeros([4, 5])).shape);
        Assert.Equal([3, 0, 4], FusedKernels.LinearWithoutGradient(zeros([3, 0, 5]), zeros([4, 5])).shape);
        Assert.Equal([3, 0], FusedKernels.LinearWithoutGradient(zeros([3, 5]), zeros([0, 5])).shape);
    }

    // Few rows, some and many, with a bias and without, in one row after another and in batches.
    [Fact]
    public void A_linear_layer_is_the_same_in_every_kernel()
    {
        using var none = no_grad();
        foreach (var (rows, inner, outer) in new[] { (1, 8, 5), (16, 24, 29), (17, 24, 29), (100, 7, 8), (128, 64, 192), (300, 50, 1) })
        {
            Tensor x = Uniform(rows, inner) - 0.5, weight = Uniform(outer, inner) - 0.5, bias = Uniform(outer);
            foreach (var added in new[] { null, bias })
            {
                var expected = x.to(float64).matmul(weight.to(float64).t());
                if (added is not null)
                    expected += added;
                foreach (var found in new[] { FusedKernels.Linear(x, weight, added), FusedKernels.Linear(x.unsqueeze(0), weight, added)[0],
                    FusedKernels.Linear(x.t().contiguous().t(), weight, added) })
                    Assert.InRange((expected - found.to(float64)).abs().max().ToDouble(), 0, 1e-6 * inner);
            }
        }

        Assert.Equal(bfloat16, FusedKernels.Linear(zeros([200, 5], bfloat16), zeros([4, 5], bfloat16)).dtype);
    }

    [Fact]
    public void A_linear_layer_that_is_recorded_has_its_gradient()
    {
        Tensor x = Leaf(float32, 200, 5), weight = Leaf(float32, 4, 5);
        Backpropagation.Run(FusedKernels.Linear(x, weight).sum());
        Assert.True(allclose(x.grad!, weight.sum([0L]).expand(200, 5)));
        Assert.True(allclose(weight.grad!, x.sum([0L]).expand(4, 5), rtol: 1e-4, atol: 1e-4));
    }

    [KernelFact]
    public void Mismatched_shapes_are_refused()
    {
        Assert.Contains("no gradient",
            Assert.Throws<NotSupportedException>(() => FusedKernels.LinearWithoutGradient(Leaf(float32, 2, 5), zeros([5, 5]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FusedKernels.LinearWithoutGradient(zeros([2, 5]), zeros([5, 6])));
        Assert.Throws<ArgumentException>(() => FusedKernels.LinearWithoutGradient(zeros([2, 5], float64), zeros([5, 5])));
        Assert.Throws<ArgumentException>(() => FusedKernels.LinearWithoutGradient(zeros([2, 5]), zeros([4, 5]), zeros([5])));
        Assert.Throws<ArgumentException>(() => FusedKernels.LinearWithoutGradient(zeros([2, 5], bfloat16), zeros([4, 5], bfloat16)));
        var (qkv, angles, buffer) = (Uniform(2, 3, 24), ones([1, 3, 1, 4]), zeros([2, 1, 5, 8]));
        Assert.Contains("with room", Refusal(kept: 3), StringComparison.Ordinal);
        Assert.Contains("with room", Refusal(kept: -1), StringComparison.Ordinal);
        Assert.Contains("a mask is", Refusal(mask: zeros([1, 1, 3, 4])), StringComparison.Ordinal);
        Assert.Contains("asks for row 2 of the cache", Refusal(rows: tensor(new long[] { 0, 2 })), StringComparison.Ordinal);
        Assert.Contains("each sequence", Refusal(rows: tensor(new long[] { 0 })), StringComparison.Ordinal);
        Assert.Contains("no gradient", Refusal(x: Leaf(float32, 2, 3, 24)), StringComparison.Ordinal);
        Assert.Contains("float32", Refusal(keys: buffer.to(bfloat16)), StringComparison.Ordinal);

        string Refusal(Tensor? x = null, Tensor? mask = null, int kept = 2, Tensor? rows = null, Tensor? keys = null) =>
            Assert.ThrowsAny<Exception>(
                () => FusedKernels.AttentionWithCache(x ?? qkv, angles, angles, mask, heads: 1, keys ?? buffer, buffer, kept,
                    rows)).Message;
    }
    private static float[] Numbers(Tensor x) => x.contiguous().data<float>().ToArray();

}
