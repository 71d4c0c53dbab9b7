using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>A network with something added to its outputs: to those of all words, and to that of the mask.</summary>
internal sealed class Offset(IDenoiser network, double words, double mask) : IDenoiser
{
    public Tensor Logits(DenoiserInput asked)
    {
        var (tokens, sigma, wanted, layout) = asked;
        using var scope = NewDisposeScope();
        var outputs = network.Logits(tokens, sigma, wanted, layout);
        double[] added = [.. Enumerable.Repeat(words, (int)outputs.size(-1) - 1), mask];
        return (outputs + tensor(added)).MoveToOuterDisposeScope();
    }
}
