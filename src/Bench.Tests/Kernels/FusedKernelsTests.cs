using Bench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>
/// Each fused kernel is the chain of operators that it stands for, forward and backward, in each instruction set that this machine has.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FusedKernelsTests : KernelTests
{
    private const int Width = 24, Parts = 6;

    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void A_gated_branch_is_added_normalised_and_modulated(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, length, distinct) in Shapes)
        {
            var index = Index(rows, length, distinct);
            var (x, weight, bias) = (Leaf(float32, rows, length, Width), Leaf(float32, Width), Leaf(float32, Width));
            var branch = Leaf(type, rows, length, Width);
            var (gates, table) = (Leaf(float32, distinct ?? rows, Parts * Width), Leaf(float32, distinct ?? rows, 2 * Width));
            // Of every part that may be missing, each way.
            foreach (bool modulates in (bool[])[true, false])
            {
                Tensor[] asked = modulates ? [x, weight, table] : [x, weight];
                Agree(type, asked, t => Both(t[0], null, null, null, t[1], Given(modulates, t)),
                    t => Plain(t[0], t[1], Given(modulates, t)));
                Agree(type, [.. asked, branch], t => Both(t[0], t[^1], null, null, t[1], Given(modulates, t)),
                    t => Plain(t[0] + t[^1].to(float32), t[1], Given(modulates, t)));
                Agree(
                    type, [.. asked, branch, bias],
                    t => Both(t[0], t[^2], t[^1], null, t[1], Given(modulates, t)),
                    t => Plain(t[0] + t[^2].to(float32) + t[^1], t[1], Given(modulates, t)));
                Agree(
                    type, [.. asked, branch, gates],
                    t => Both(t[0], t[^2], null, t[^1], t[1], Given(modulates, t)),
                    t => Plain(t[0] + (Part(t[^1], index, x, 5) * t[^2].to(float32)), t[1], Given(modulates, t)));
                Agree(
                    type, [.. asked, branch, bias, gates],
                    t => Both(t[0], t[^3], t[^2], t[^1], t[1], Given(modulates, t)),
                    t => Plain(t[0] + (Part(t[^1], index, x, 5) * (t[^3].to(float32) + t[^2])), t[1], Given(modulates, t)));
            }

            // Both results at once, so that gradients of both meet in what they are made of.
            Tensor Both(Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, Tensor weight, Tensor? table)
            {
                var (stream, normal) =
                    FusedKernels.Normalise(x, branch, bias, gates, gates is null ? 0 : 5, weight, table, index, shift: 1, scale: 0, type);
                return cat([stream, normal.to(float32)], -1);
            }

            Tensor Plain(Tensor stream, Tensor weight, Tensor? table)
            {
                var normal = nn.functional.layer_norm(stream, [Width], weight);
                return cat(
                    [stream,
                        (table is null ? normal : (normal * (Part(table, index, stream, 0) + 1)) + Part(table, index, stream, 1)).to(type)
                            .to(float32)], -1);
            }
        }

        static Tensor? Given(bool modulates, Tensor[] t) => modulates ? t[2] : null;
    }

    [KernelFact]
    public void One_of_two_results_may_be_unused()
    {
        var (x, branch, weight) = (Leaf(float32, 4, 3, Width), Leaf(float32, 4, 3, Width), Leaf(float32, Width));
        var along = Uniform(4, 3, Width);
        Agree(float32, [x, branch, weight], t => FusedKernels.Normalise(t[0], t[1], null, null, 0, t[2], null, null, 0, 0, float32).Normal,
            t => nn.functional.layer_norm(t[0] + t[1], [Width], t[2]));

        Backpropagation.Run((FusedKernels.Normalise(x, branch, null, null, 0, weight, null, null, 0, 0, float32).Stream * along).sum());
        Assert.Equal(along.data<float>().ToArray(), x.grad!.data<float>().ToArray());
        Assert.Equal(along.data<float>().ToArray(), branch.grad!.data<float>().ToArray());
        Assert.All(weight.grad!.data<float>().ToArray(), gradient => Assert.Equal(0, gradient));
    }

    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void Gelu_has_its_bias(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        Agree(type, [Leaf(type, 37, 50), Leaf(float32, 50)], t => FusedKernels.Gelu(t[0], t[1]),
            t => nn.functional.gelu(t[0].to(float32) + t[1], TorchSharp.Modules.GELU.Approximate.tanh).to(type));
    }

    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void Attention_is_rotary_and_masked(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, length, heads, width, masks) in new[] { (2, 10, 2, 8, 0), (3, 70, 2, 32, 1), (2, 150, 1, 24, 2),
            (1, 128, 2, 64, 1) })
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
                    return (mask is null ? scores : scores + mask).softmax(-1).matmul(each[2]).transpose(1, 2)
                        .reshape(rows, length, heads * width).to(type);
                });
        }
    }

    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void NaN_and_infinity_stay_in_their_places(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        const int width = 70, heads = 2;
        float[] x = Numbers(Uniform(3, width) - 0.5), qkv = Numbers(Uniform(2, width, 3 * heads * 8) - 0.5);
        (x[width + 69], x[(2 * width) + 1], qkv[((width + 3) * 3 * heads * 8) + 2]) = (float.NaN, float.PositiveInfinity, float.NaN);
        var given = tensor(x, [3, width]).to(type);
        float[] y = Numbers(FusedKernels.Gelu(given, zeros([width])));
        Assert.Equal([width + 69], At(y, float.IsNaN));
        Assert.Equal([(2 * width) + 1], At(y, float.IsInfinity));
        Assert.Equal([1, 2], At(Numbers(FusedKernels.NegativeLogLikelihood(given, null, zeros([3], int64), -1)), float.IsNaN));

        // The second text's fourth query of the first head.
        float[] attended = Numbers(
            FusedKernels.Attention(tensor(qkv, [2, width, 3 * heads * 8]).to(type), ones([1, width, 1, 4]), zeros([1, width, 1, 4]), null,
                heads));
        Assert.Equal(Enumerable.Range((width + 3) * heads * 8, 8), At(attended, float.IsNaN));

        static float[] Numbers(Tensor tensor) => tensor.to(float32).contiguous().data<float>().ToArray();
        static IEnumerable<int> At(float[] numbers, Func<float, bool> are) =>
            Enumerable.Range(0, numbers.Length).Where(i => are(numbers[i]));
    }

    [KernelTheory]
    [MemberData(nameof(Everywhere))]
    public void Cross_entropy_leaves_the_closed_entry_out(string set, ScalarType type)
    {
        if (!Choose(set))
            return;
        foreach (var (rows, tokenCount) in new[] { (7, 29), (3, 5001), (70, 2) })
        {
            var targets = tensor(Enumerable.Range(0, rows).Select(i => (long)(i * 13 % tokenCount)).ToArray());
            var closed = arange(tokenCount + 1, int64).eq(tokenCount);
            Agree(type, [Leaf(type, rows, tokenCount + 1)], t => FusedKernels.NegativeLogLikelihood(t[0], null, targets, tokenCount),
                t => Nats(t[0].to(float32).masked_fill(closed, float.NegativeInfinity)));
            Agree(type, [Leaf(type, rows, tokenCount + 1), Leaf(float32, tokenCount + 1)],
                t => FusedKernels.NegativeLogLikelihood(t[0], t[1], targets, tokenCount),
                t => Nats((t[0].to(float32) + t[1]).masked_fill(closed, float.NegativeInfinity)));
            Agree(type, [Leaf(type, rows, tokenCount + 1)], t => FusedKernels.NegativeLogLikelihood(t[0], null, targets, -1),
                t => Nats(t[0].to(float32)));
            // The gradient in the place of the logits, which are not used elsewhere.
            Agree(type, [Leaf(type, rows, tokenCount + 1), Leaf(float32, tokenCount + 1)],
                t => FusedKernels.NegativeLogLikelihood(t[0] * 1, t[1], targets, tokenCount, overwrites: true),
                t => Nats((t[0].to(float32) + t[1]).masked_fill(closed, float.NegativeInfinity)));

            Tensor Nats(Tensor logits) => logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg();
        }
    }

    [KernelFact]
    public void Rows_with_nothing_in_them_are_refused()
    {
        var none = zeros([0], float32);
        Assert.All(
            new Action[]
            {
                () => FusedKernels.Gelu(zeros([2, 0], float32), none),
                () => FusedKernels.Normalise(zeros([2, 0], float32), null, null, null, 0, none, null, null, 0, 0, float32),
                () => FusedKernels.NegativeLogLikelihood(zeros([0, 0], float32), null, zeros([0], int64), -1),
                () => FusedKernels.Attention(zeros([1, 0, 24], float32), zeros([1, 0, 1, 4], float32), zeros([1, 0, 1, 4], float32), null,
                    1),
            },
            call => Assert.Matches("have something in them|angles are", Assert.ThrowsAny<Exception>(call).Message));
    }

    [KernelFact]
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
                var (stream, y) = FusedKernels.Normalise(x, null, null, null, 0, weight, table, Index(40, 33, 9), 0, 1, float32);
                var attended = FusedKernels.Attention(cat([y, y, y], -1), ones([1, 33, 1, 6]), zeros([1, 33, 1, 6]), null, 2);
                var both = FusedKernels.Normalise(stream, attended, weight, table, 2, weight, table, Index(40, 33, 9), 3, 4, float32);
                Backpropagation.Run((both.Stream * both.Normal).square().sum());
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

    [KernelFact]
    public void Mismatched_shapes_are_refused()
    {
        var (x, weight) = (Leaf(float32, 4, 3, Width), Leaf(float32, Width));
        var table = Leaf(float32, 4, Parts * Width);
        Assert.Throws<ArgumentException>(
            () => FusedKernels.Normalise(x, null, null, null, 0, weight, Leaf(float32, 5, Parts * Width), null, 0, 1, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Normalise(x, null, null, null, 0, weight, table, null, 0, Parts, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Normalise(x, x, null, table, Parts, weight, null, null, 0, 0, float32));
        Assert.Throws<ArgumentException>(
            () => FusedKernels.Normalise(x, x, null, table, 0, weight, Leaf(float32, 3, Parts * Width), null, 0, 1, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Normalise(x, null, weight, null, 0, weight, null, null, 0, 0, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Normalise(x, null, null, table, 0, weight, null, null, 0, 0, float32));
        Assert.Throws<ArgumentException>(
            () => FusedKernels.Normalise(x, x.narrow(0, 0, 2), null, null, 0, weight, null, null, 0, 0, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Normalise(x, x.to(bfloat16), null, null, 0, weight, null, null, 0, 0, float32));
        Assert.Throws<ArgumentException>(() => FusedKernels.Gelu(x.to(float64), weight));
        Assert.Throws<ArgumentException>(() => FusedKernels.Gelu(x.transpose(0, 1), weight));
        Assert.Throws<ArgumentException>(() => FusedKernels.NegativeLogLikelihood(x, null, zeros([4], int64), -1));
        Assert.Throws<ArgumentException>(() => FusedKernels.NegativeLogLikelihood(x, null, full([4, 3], Width, int64), -1));
        Assert.Throws<ArgumentException>(() => FusedKernels.InstructionSet = "sse9");
        Assert.Contains(Best, (string[])["avx512bf16", "avx512", "avx2", "plain"]); // a misspelt name above would pass in silence
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
            Assert.True(x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second)) <= most * scale,
                $"{x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second))} of {scale}");
        }

        float[][] All(Func<Tensor[], Tensor> chain)
        {
            Tensor[] leaves = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
            var value = chain(leaves);
            along ??= Uniform(value.shape) - 0.5;
            Backpropagation.Run((value.to(float32) * along).sum());
            return [.. leaves.Select(leaf => leaf.grad!).Prepend(value)
                .Select(tensor => tensor.detach().to(float32).contiguous().data<float>().ToArray())];
        }
    }
}
