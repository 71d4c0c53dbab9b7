using Bench.Noise;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

public sealed class BoundEvaluatorTests
{
    private const int N = 1000;

    private static readonly double[] Logits = [.. Enumerable.Range(0, N + 1).Select(v => (double)(float)(3 * Math.Sin(1 + (v * v))))];

    // In single precision throughout, the smallest of these would be off by 0.06 nats.
    [Theory, InlineData(1e-2), InlineData(1e-4), InlineData(1e-6)]
    public void Near_full_noise_single_precision_logits_lose_nothing_where_only_the_value_counts(double left)
    {
        using var recorded = no_grad();
        foreach (int z in new[] { 3, 7 })
            Assert.Equal(Value(float64, left, z), Value(float32, left, z), 1e-12);
    }

    private static double Value(ScalarType precision, double left, int z)
    {
        using var scope = NewDisposeScope();
        double sigma = -Math.Log(left);
        var term = 1 / left * NelboTerm.OfRate(new Uniform().At(sigma), new Uniform().RatesAt(sigma), masked: false, unchanged: z == 3, N);
        return BoundEvaluator.Of(tensor(Logits, [1, N + 1]).to(precision), [term], [3], [z]).to(float64).item<double>();
    }
}
