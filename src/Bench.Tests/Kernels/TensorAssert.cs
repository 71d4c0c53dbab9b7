using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>Compares tensors with numbers that plain C# computed.</summary>
internal static class TensorAssert
{
    public static void Close(IReadOnlyList<double> expected, Tensor actual, double tolerance = 1e-12)
    {
        double[] found = Values(actual);
        Assert.Equal(expected.Count, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            bool close = expected[i].Equals(found[i]) || Math.Abs(expected[i] - found[i]) <= tolerance * (1 + Math.Abs(expected[i]));
            Assert.True(close, $"element {i} of {actual}: expected {expected[i]:R}, found {found[i]:R}");
        }
    }

    public static void Same(IReadOnlyList<bool> expected, Tensor actual)
    {
        Assert.Equal(ScalarType.Bool, actual.dtype);
        Assert.Equal(expected, actual.data<bool>().ToArray());
    }

    public static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(float64).data<double>().ToArray();
    }

    /// <summary>
    /// Numbers without pattern, the same in every run: fractional parts of multiples of the golden ratio, in (low, high).
    /// </summary>
    public static double[] Spread(int count, double low = -1, double high = 1, int start = 1) =>
        [.. Enumerable.Range(start, count).Select(i => low + ((high - low) * (i * 0.6180339887498949 % 1)))];
}
