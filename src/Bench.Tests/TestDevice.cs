using Bench.Experiments.Machine;
using static TorchSharp.torch;

namespace Bench.Tests;

/// <summary>
/// The device of the tests that hold networks to identities, golden outputs and a training each: <c>make test DEVICE=cuda</c>, or
/// BENCH_DEVICE; the CPU where neither says anything.
/// </summary>
internal static class TestDevice
{
    /// <summary>Where networks are.</summary>
    public static Device Device { get; } = Named().Find();

    private static DeviceChoice Named()
    {
        string? name = Environment.GetEnvironmentVariable(DeviceChoice.Variable);
        return DeviceChoice.Of(option: null, string.IsNullOrEmpty(name) ? "cpu" : name)
            ?? throw new InvalidOperationException($"{DeviceChoice.Variable} is '{name}'; write {DeviceChoice.Known}.");
    }
}
