using Bench.Attention;
using static TorchSharp.torch;

namespace Bench.Backbone.Caching;

/// <summary>A denoiser that can keep the keys and values of columns that are final.</summary>
public interface ICachingDenoiser : IDenoiser
{
    /// <summary>An empty cache.</summary>
    /// <param name="rows">B.</param>
    /// <param name="columns">At most so many columns.</param>
    /// <param name="device">Where the network is.</param>
    KeyValueCache Cache(int rows, int columns, Device device);

    /// <summary>As <see cref="IDenoiser.Logits"/>, for the columns that are not kept. Their keys and values stand behind the kept ones until the next call, and the first of them can be kept.</summary>
    /// <param name="tokens">[B, Q] int64, as the network sees them.</param>
    /// <param name="sigma">[B] total noise, or [B, Q] where tokens differ in it; null where the network is not told.</param>
    /// <param name="wanted">[M] int64 indices into the B·Q columns.</param>
    /// <param name="columns">Where the Q columns stand, and whom they see.</param>
    /// <param name="cache">What is kept.</param>
    /// <returns>[M, V]</returns>
    Tensor Logits(Tensor tokens, Tensor? sigma, Tensor wanted, DecodeStep columns, KeyValueCache cache);
}
