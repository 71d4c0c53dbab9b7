using Bench.Backbone;

namespace Bench.Sampling;

/// <summary>How sequences get from the noise levels of one step of a hyperschedule to those of the next. A <see cref="Generator"/> takes the steps.</summary>
public interface ISampler
{
    /// <summary>The sampler's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>What it takes the network's outputs for.</summary>
    NetworkOutput Reads => NetworkOutput.Laws;

    /// <summary>Why the sampler is not made for a problem, in words; null where it is.</summary>
    string? Refuses(DiffusionSetup setup) => null;

    /// <summary>Gets ready for some sequences; what happens to sequence i depends on the canvas' draws and i alone.</summary>
    /// <returns>Takes them one step, given its number.</returns>
    Action<int> Begin(GenerationState state);
}
