using Bench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

[Collection(nameof(Alone))]
public sealed class OptimiserKernelTests
{
    // Exact in float32, so that the formula in float64 sees the same numbers.
    private static readonly AdamWStep Settings = new(
        Scale: 0.5f, LearningRate: 0.0625f, WeightDecay: 0.25f, Beta1: 0.875f, Beta2: 0.96875f, Epsilon: 1f / 1024, Correction1: 0.125f, Correction2: 0.03125f, EmaDecay: 0.75f);

    // Neither a multiple of the vector width nor of the kernel's pieces.
    private const int Odd = 50_003;

    [Theory, InlineData(1), InlineData(7), InlineData(16_384), InlineData(Odd)]
    public void The_kernel_follows_the_formula_over_several_steps(int count)
    {
        using var scope = NewDisposeScope();
        double[] w = TensorAssert.Spread(count), m = new double[count], v = new double[count], a = [.. w];
        var (weight, first, second, average) = (tensor(w, float32), zeros(count), zeros(count), tensor(a, float32));
        for (int step = 1; step <= 3; step++)
        {
            double[] g = TensorAssert.Spread(count, -3, 3, start: step * 17);
            var s = Settings with { Correction1 = 1 - MathF.Pow(0.875f, step), Correction2 = 1 - MathF.Pow(0.96875f, step) };
            OptimiserKernel.AdamW(weight, tensor(g, float32), first, second, average, s);
            for (int i = 0; i < count; i++)
            {
                double gradient = s.Scale * g[i];
                m[i] = (s.Beta1 * m[i]) + ((1 - s.Beta1) * gradient);
                v[i] = (s.Beta2 * v[i]) + ((1 - s.Beta2) * gradient * gradient);
                w[i] -= s.LearningRate * s.WeightDecay * w[i];
                w[i] -= s.LearningRate * (m[i] / s.Correction1) / (Math.Sqrt(v[i] / s.Correction2) + s.Epsilon);
                a[i] = (s.EmaDecay * a[i]) + ((1 - s.EmaDecay) * w[i]);
            }
        }

        TensorAssert.Close(m, first, 1e-6);
        TensorAssert.Close(v, second, 1e-6);
        TensorAssert.Close(w, weight, 2e-6);
        TensorAssert.Close(a, average, 2e-6);
    }

    [Fact]
    public void The_kernel_and_tensor_operators_agree()
    {
        using var scope = NewDisposeScope();
        var s = Settings;
        var g = Numbers(3) * s.Scale;
        var (weight, first, second, average) = State();
        OptimiserKernel.AdamW(weight, Numbers(3), first, second, average, s);
        var (w, m, v, a) = State();
        m.mul_(s.Beta1).add_(g, 1 - s.Beta1);
        v.mul_(s.Beta2).addcmul_(g, g, 1 - s.Beta2);
        w.mul_(1 - (s.LearningRate * s.WeightDecay)).addcdiv_(m, (v / s.Correction2).sqrt() + s.Epsilon, -s.LearningRate / s.Correction1);
        a.add_(w - a, 1 - s.EmaDecay);
        foreach (var (fused, plain) in new[] { (weight, w), (first, m), (second, v), (average, a) })
            Assert.True(allclose(fused, plain, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Without_an_average_the_update_is_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var (with, without) = (State(), State());
        OptimiserKernel.AdamW(with.Weight, Numbers(3), with.First, with.Second, with.Average, Settings);
        OptimiserKernel.AdamW(without.Weight, Numbers(3), without.First, without.Second, null, Settings);
        Assert.Equal(with.Weight.data<float>(), without.Weight.data<float>());
        Assert.Equal(State().Average.data<float>(), without.Average.data<float>());
    }

    [Fact]
    public void The_squared_norm_is_the_sum_of_squares()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(25, OptimiserKernel.SquaredNorm(tensor([3f, 4f])));
        Assert.Equal(0, OptimiserKernel.SquaredNorm(zeros([0])));
        double exact = Numbers(1).data<float>().Sum(x => (double)x * x);
        Assert.Equal(exact, OptimiserKernel.SquaredNorm(Numbers(1)), exact * 1e-13);
        Assert.Equal(2e60, OptimiserKernel.SquaredNorm(tensor([1e30f, 1e30f])), 2e54);
    }

    [Fact]
    public void No_bit_depends_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        int before = get_num_threads();
        var results = new List<(double Norm, float[] Weight, float[] Average)>();
        foreach (int threads in new[] { 1, 2, 3, 5 })
        {
            set_num_threads(threads);
            Assert.Equal(threads, get_num_threads());
            var (weight, first, second, average) = State();
            OptimiserKernel.AdamW(weight, Numbers(3), first, second, average, Settings);
            results.Add((OptimiserKernel.SquaredNorm(Numbers(1)), weight.data<float>().ToArray(), average.data<float>().ToArray()));
        }

        set_num_threads(before);
        Assert.All(results, result =>
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(results[0].Norm), BitConverter.DoubleToInt64Bits(result.Norm));
            Assert.Equal(results[0].Weight, result.Weight);
            Assert.Equal(results[0].Average, result.Average);
        });
    }

    [Fact]
    public void Only_contiguous_float32_is_supported()
    {
        using var scope = NewDisposeScope();
        Assert.True(OptimiserKernel.Supports(zeros(2, 3)));
        Assert.False(OptimiserKernel.Supports(zeros(2, 3).transpose(0, 1)));
        Assert.False(OptimiserKernel.Supports(zeros(2, float64)));
        var x = zeros(2);
        var message = Assert.Throws<TorchException>(() => OptimiserKernel.AdamW(x, zeros(3), x, x, x, Settings)).Message;
        Assert.Contains("the gradient must be", message, StringComparison.Ordinal);
        Assert.Throws<TorchException>(() => OptimiserKernel.SquaredNorm(zeros(2, float64)));
    }

    private static Tensor Numbers(int start) => tensor(TensorAssert.Spread(Odd, start: start), float32);

    private static (Tensor Weight, Tensor First, Tensor Second, Tensor Average) State() => (Numbers(5), Numbers(11), Numbers(13).square(), Numbers(19));
}
