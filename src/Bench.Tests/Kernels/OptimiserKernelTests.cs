using Bench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

[Collection(nameof(Alone))]
public sealed class OptimiserKernelTests
{
    // Exact in float32, so that the formula in float64 sees the same numbers.
    private static readonly AdamWStep Settings = new(
        Scale: 0.5f, LearningRate: 0.0625f, Beta1: 0.875f, Beta2: 0.96875f, Epsilon: 1f / 1024, Correction1: 0.125f, Correction2: 0.03125f,
        EmaDecay: 0.75f);

    private const float Decay = 0.25f;

    // Neither a multiple of the vector width nor of the kernel's pieces.
    private const int Odd = 50_003;

    [KernelTheory, InlineData(1), InlineData(7), InlineData(16_384), InlineData(Odd)]
    public void The_kernel_follows_the_formula_over_several_steps(int count)
    {
        using var scope = NewDisposeScope();
        double[] w = TensorAssert.Spread(count), m = new double[count], v = new double[count], a = [.. w];
        var (weight, first, second, average) = (tensor(w, float32), zeros(count), zeros(count), tensor(a, float32));
        for (int step = 1; step <= 3; step++)
        {
            double[] g = TensorAssert.Spread(count, -3, 3, start: step * 17);
            var s = Settings with { Correction1 = 1 - MathF.Pow(0.875f, step), Correction2 = 1 - MathF.Pow(0.96875f, step) };
            OptimiserKernel.AdamW([new(weight, tensor(g, float32), first, second, average, Decay)], s);
            for (int i = 0; i < count; i++)
            {
                double gradient = s.Scale * g[i];
                m[i] = (s.Beta1 * m[i]) + ((1 - s.Beta1) * gradient);
                v[i] = (s.Beta2 * v[i]) + ((1 - s.Beta2) * gradient * gradient);
                w[i] -= s.LearningRate * Decay * w[i];
                w[i] -= s.LearningRate * (m[i] / s.Correction1) / (Math.Sqrt(v[i] / s.Correction2) + s.Epsilon);
                a[i] = (s.EmaDecay * a[i]) + ((1 - s.EmaDecay) * w[i]);
            }
        }

        TensorAssert.Close(m, first, 1e-6);
        TensorAssert.Close(v, second, 1e-6);
        TensorAssert.Close(w, weight, 2e-6);
        TensorAssert.Close(a, average, 2e-6);
    }

    [KernelFact]
    public void The_kernel_and_tensor_operators_agree()
    {
        using var scope = NewDisposeScope();
        var s = Settings;
        var g = Numbers(3) * s.Scale;
        var (weight, first, second, average) = State();
        OptimiserKernel.AdamW([new(weight, Numbers(3), first, second, average, Decay)], s);
        var (w, m, v, a) = State();
        m.mul_(s.Beta1).add_(g, 1 - s.Beta1);
        v.mul_(s.Beta2).addcmul_(g, g, 1 - s.Beta2);
        w.mul_(1 - (s.LearningRate * Decay)).addcdiv_(m, (v / s.Correction2).sqrt() + s.Epsilon, -s.LearningRate / s.Correction1);
        a.add_(w - a, 1 - s.EmaDecay);
        foreach (var (fused, plain) in new[] { (weight, w), (first, m), (second, v), (average, a) })
            Assert.True(allclose(fused, plain, rtol: 1e-5, atol: 1e-6));
    }

    [KernelFact]
    public void Parameters_together_are_the_same_bits_as_each_by_itself()
    {
        using var scope = NewDisposeScope();
        int[] sizes = [7, Odd, 1, 16_384];
        AdamWParameter[] together = [.. sizes.Select(Parameter)], alone = [.. sizes.Select(Parameter)];
        OptimiserKernel.AdamW(together, Settings);
        Array.ForEach(alone, one => OptimiserKernel.AdamW([one], Settings));
        foreach (var (a, b) in together.Zip(alone))
        {
            Assert.Equal(a.Weight.data<float>(), b.Weight.data<float>());
            Assert.Equal(a.Average.data<float>(), b.Average.data<float>());
        }

        Assert.Equal(together.Sum(one => OptimiserKernel.SquaredNorm(one.Gradient)),
            OptimiserKernel.SquaredNorm([.. together.Select(one => one.Gradient)]), 1e-6);

        static AdamWParameter Parameter(int size, int i)
        {
            Tensor Part(int start) => tensor(TensorAssert.Spread(size, start: start + i), float32);
            return new(Part(5), Part(3), Part(11), Part(13).square(), Part(19), i % 2 * Decay);
        }
    }

    [KernelFact]
    public void The_squared_norm_is_the_sum_of_squares()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(25, OptimiserKernel.SquaredNorm(tensor([3f, 4f])));
        Assert.Equal(0, OptimiserKernel.SquaredNorm(zeros([0])));
        double exact = Numbers(1).data<float>().Sum(x => (double)x * x);
        Assert.Equal(exact, OptimiserKernel.SquaredNorm(Numbers(1)), exact * 1e-13);
        Assert.Equal(2e60, OptimiserKernel.SquaredNorm(tensor([1e30f, 1e30f])), 2e54);
    }

    [KernelFact]
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
            OptimiserKernel.AdamW([new(weight, Numbers(3), first, second, average, Decay)], Settings);
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

    [KernelFact]
    public void Only_contiguous_float32_is_supported()
    {
        using var scope = NewDisposeScope();
        Assert.True(OptimiserKernel.Supports(zeros(2, 3)));
        Assert.False(OptimiserKernel.Supports(zeros(2, 3).transpose(0, 1)));
        Assert.False(OptimiserKernel.Supports(zeros(2, float64)));
        var x = zeros(2);
        var message = Assert.Throws<ArgumentException>(() => OptimiserKernel.AdamW([new(x, zeros(3), x, x, x, Decay)], Settings)).Message;
        Assert.Contains("have the size of their weight; here are [3] and [2]", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OptimiserKernel.SquaredNorm(zeros(2, float64)));
    }

    private static Tensor Numbers(int start) => tensor(TensorAssert.Spread(Odd, start: start), float32);

    private static (Tensor Weight, Tensor First, Tensor Second, Tensor Average) State() =>
        (Numbers(5), Numbers(11), Numbers(13).square(), Numbers(19));
}
