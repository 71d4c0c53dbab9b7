using Bench.Models;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Generates sequences along a hyperschedule.</summary>
public interface ISampler
{
    /// <summary>The sampler's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>Draws sequences; sequence i depends on the stream and i alone.</summary>
    /// <param name="network">The denoiser, in evaluation mode.</param>
    /// <param name="problem">Noise, when each position settles, and how the denoiser is to be asked.</param>
    /// <param name="count">Sequences.</param>
    /// <param name="draws">Random numbers.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="stop">Cancels.</param>
    Generation Generate(IDenoiser network, Denoising problem, int count, RandomStream draws, Device device, CancellationToken stop = default);
}
