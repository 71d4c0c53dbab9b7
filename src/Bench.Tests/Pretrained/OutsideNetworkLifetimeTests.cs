using Bench.Pretrained;
using Bench.Pretrained.Scorers;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Pretrained;

/// <summary>Memory that pretrained networks hold: a count of the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class OutsideNetworkLifetimeTests
{
    [Fact]
    public void Computations_leave_no_tensor_behind()
    {
        using var network = Llama.Read(new PlainLlama(10, 8).File, "tiny");
        using var scope = NewDisposeScope();
        var tokens = tensor([3L, 1, 4, 1, 5, 9, 2], [1, 7]);
        long before = Tensor.TotalCount;
        NextTokenNats.Of(network, tokens).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
