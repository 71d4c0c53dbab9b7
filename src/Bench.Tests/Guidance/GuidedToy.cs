using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Guidance;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tasks.GuidanceToy;
using static TorchSharp.torch;

namespace Bench.Tests.Guidance;

/// <summary>The toy of three tokens, with exact predictions, guided in several ways.</summary>
internal static class GuidedToy
{
    public static readonly double[] Joint = [.. Toy.Joint], Rewards = [.. Toy.Rewards];

    public static DiffusionSetup Setup(INoiseProcess process, int steps, int tokenCount = Toy.TokenCount, int length = Toy.Length) => new(
        new Vocabulary("toy", tokenCount), process, new LogLinear(0), Hyperschedule.Flat(length, steps),
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Absent));

    public static EnumeratedChain Chain(int steps) => EnumeratedChain.Of(Joint, Setup(new Absorbing(), steps), new Ancestral());

    /// <summary>Soft values of the chain of so many steps.</summary>
    public static IValue Exact(int steps, double alpha)
    {
        double[][] values = Chain(steps).SoftValues(Rewards, alpha);
        return new KnownValue("exact", (tokens, step) => values[step][tokens.Aggregate(0, (index, token) => (index * 4) + token)]);
    }

    public static Guided Guide(IRule rule, IValue? value = null, ISampler? sampler = null, IReward? reward = null) =>
        new(sampler ?? new Ancestral(), reward ?? new ToyReward(), rule, value ?? new ArgmaxValue());

    public static Generation Draw(ISampler sampler, int steps, int count, ulong seed = 1, INoiseProcess? noise = null) =>
        new Generator(new ToyDenoiser(), Setup(noise ?? new Absorbing(), steps), sampler, CPU).Generate(count, RandomStream.Root(seed));

    /// <summary>χ² of how often the 27 sequences were drawn; 62 is exceeded with probability 1e-4.</summary>
    public static double ChiSquared(Generation drawn, double[] distribution)
    {
        var counts = new double[distribution.Length];
        foreach (int[] sequence in drawn.Sequences)
            counts[Toy.IndexOf(sequence)]++;
        double all = drawn.Sequences.Length;
        return counts.Zip(distribution, (n, p) => (n - (all * p)) * (n - (all * p)) / (all * p)).Sum();
    }
}
