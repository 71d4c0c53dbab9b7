using Bench.Backbone;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Tests;

/// <summary>
/// Gives every parameter random values: first weights make each block the identity and each prediction uniform, which hides mistakes.
/// </summary>
internal static class RandomWeights
{
    public static void Scatter(this Ddit network, RandomStream stream, double spread = 0.5)
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var values = new double[parameter.numel()];
            stream.Split(name).FillNormal(0, values);
            parameter.copy_(tensor(values, parameter.shape) * spread);
        }
    }
}
