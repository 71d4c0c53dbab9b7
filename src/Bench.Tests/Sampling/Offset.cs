using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>A network with something added to its outputs: to those of all tokens, and to that of the mask.</summary>
internal sealed class Offset(IDenoiser network, double ofTokens, double ofMask) : IDenoiser
{
    public Tensor Logits(DenoiserInput asked)
    {
        var (tokens, sigma, wanted, layout) = asked;
        using var scope = NewDisposeScope();
        var outputs = network.Logits(tokens, sigma, wanted, layout);
        double[] added = [.. Enumerable.Repeat(ofTokens, (int)outputs.size(-1) - 1), ofMask];
        return (outputs + tensor(added)).MoveToOuterDisposeScope();
    }
}
