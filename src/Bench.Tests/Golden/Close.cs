using Xunit;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Comparison of numbers, relative to the larger of the two and absolute for small ones.</summary>
public static class Close
{
    public static void Assert(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance = 1e-9, string what = "")
    {
        if (expected.Length != actual.Length)
            throw new XunitException($"{what}: {expected.Length} numbers expected, {actual.Length} found");
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(actual[i]))
                continue;
            double off = Math.Abs(expected[i] - actual[i]);
            if (!(off <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                throw new XunitException(
                    $"{what}[{i}]: expected {expected[i]:R}, found {actual[i]:R}, off by {off:E2} where {tolerance:E0} is allowed");
        }
    }

    public static void Assert(double expected, double actual, double tolerance = 1e-9, string what = "") =>
        Assert([expected], [actual], tolerance, what);

    public static void Assert(ReadOnlySpan<double> expected, Tensor actual, double tolerance = 1e-9, string what = "") =>
        Assert(expected, actual.to(float64).data<double>().ToArray(), tolerance, what);
}
