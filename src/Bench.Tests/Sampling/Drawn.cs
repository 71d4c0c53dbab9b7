using Bench.Models;
using Bench.Numerics;
using Bench.Sampling;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Sequences of a sampler with everything else as it is by default.</summary>
internal static class Drawn
{
    public static Generation Generate(this ISampler sampler, IDenoiser network, Denoising problem, int count, RandomStream draws) =>
        new Generator(network, problem, sampler, CPU).Generate(count, draws);

    public static Generator WithWatch(this Generator generator, Action<Canvas, int> watch) => generator with { Watch = watch };

    /// <summary>A canvas whose network computes everything anew in every step.</summary>
    public static Canvas Canvas(IDenoiser network, Denoising problem, int count, RandomStream draws) =>
        new(problem, NetworkCalls.Of(network, problem, count, CPU, caches: false), count, draws, first: 0, Prompt.None, Choice.AsPredicted);
}
