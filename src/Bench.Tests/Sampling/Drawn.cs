using Bench.Backbone;
using Bench.Numerics;
using Bench.Sampling;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Sequences of a sampler with everything else as it is by default.</summary>
internal static class Drawn
{
    public static Generation Generate(this ISampler sampler, IDenoiser network, DiffusionSetup setup, int count, RandomStream draws) =>
        new Generator(network, setup, sampler, DeviceOf(network)).Generate(count, draws);

    // Toys are on the CPU.
    private static Device DeviceOf(IDenoiser network) => network is Ddit trained ? trained.Device : CPU;

    public static Generator WithWatch(this Generator generator, Action<GenerationState, int> watch) => generator with { Watch = watch };

    /// <summary>A generation state without a cache.</summary>
    public static GenerationState State(IDenoiser network, DiffusionSetup setup, int count, RandomStream draws, Prompt? prompt = null) =>
        new(setup, NetworkCalls.Of(network, setup, count, DeviceOf(network), caches: false), count, draws, first: 0,
            prompt ?? Prompt.None, DecodingOptions.AsPredicted);
}
