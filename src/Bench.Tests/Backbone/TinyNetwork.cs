using Bench.Attention;
using Bench.Backbone;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>A backbone in float64 whose weights are all at work.</summary>
internal static class TinyNetwork
{
    public static readonly DditShape Conditioned =
        new(Vocabulary: 6, Blocks: 2, Width: 16, Heads: 2, ConditionWidth: 8, Conditioning.Sigma);

    public static Ddit Of(DditShape shape)
    {
        var network = TorchSharp.ModuleExtensionMethods.to(new Ddit(shape, RandomStream.Root(1)), float64);
        network.Scatter(RandomStream.Root(2));
        return network;
    }
}

/// <summary>Logits of noisy examples.</summary>
internal static class NoisyLogits
{
    /// <summary>The network's logits at some positions.</summary>
    /// <param name="batch">B noisy examples of L tokens.</param>
    /// <param name="network">The denoiser.</param>
    /// <param name="wanted">M indices into the B·L positions.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[M, V]</returns>
    public static Tensor Logits(this NoisyBatch batch, IDenoiser network, IReadOnlyList<int> wanted, Device device) =>
        batch.PerPosition(network, wanted, device, (logits, _) => logits);
}
