using Bench.Kernels;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>Tensors on their way to a device, and numbers that a device draws.</summary>
public sealed class DeviceTransferTests
{
    private const ulong Key = 0x0123456789ABCDEF;

    [Fact]
    public void On_the_CPU_nothing_is_copied()
    {
        using var scope = NewDisposeScope();
        var made = tensor(new[] { 1f, 2 });
        Assert.Same(made, made.On(CPU));
        Assert.Same(made, made.OnHost());
        Assert.Equal(TorchSharp.DeviceType.META, made.On(new Device("meta")).device_type);
    }

    // SplitMix64 itself, number by number.
    [Fact]
    public void Draws_are_those_of_SplitMix64()
    {
        float[] drawn = Draw(Key, 5, 40);
        for (ulong i = 0; i < 40; i++)
        {
            ulong z = unchecked(((5 + i) * 0x9E3779B97F4A7C15) + Key);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            Assert.Equal(((z ^ (z >> 31)) >> 40) / (float)(1 << 24), drawn[i]);
        }
    }

    [Fact]
    public void A_number_depends_on_its_address_alone() => Assert.Equal(Draw(Key, 0, 64)[24..], Draw(Key, 24, 40));

    [Fact]
    public void They_are_uniform_and_streams_are_independent()
    {
        const int Count = 1 << 16;
        float[] one = Draw(Key, 0, Count), other = Draw(Key + 1, 0, Count);
        Assert.All(one, number => Assert.InRange(number, 0, 1 - 1e-9f));
        double error = 1 / Math.Sqrt(12.0 * Count);
        Assert.InRange(one.Average() - 0.5, -5 * error, 5 * error);
        Assert.InRange(one.Count(number => number < 0.1) / (double)Count, 0.1 - (5 * 0.3 / 256), 0.1 + (5 * 0.3 / 256));
        Assert.InRange(Correlation(one, other), -5 / 256.0, 5 / 256.0);
        Assert.InRange(Correlation(one[..^1], one[1..]), -5 / 256.0, 5 / 256.0);
    }

    private static double Correlation(float[] one, float[] other) => 12 * one.Zip(other, (x, y) => (x - 0.5) * (y - 0.5)).Average();

    private static float[] Draw(ulong key, long first, int count)
    {
        using var scope = NewDisposeScope();
        return DeviceDraws.Uniform(key, first, [count / 4, 4], CPU).data<float>().ToArray();
    }
}
