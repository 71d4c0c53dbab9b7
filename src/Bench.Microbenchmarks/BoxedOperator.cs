using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Microbenchmarks;

/// <summary>What a call through the dispatcher costs: an operator on one number does no work worth speaking of.</summary>
public class BoxedOperator
{
    private readonly Tensor one = torch.ones([1]);
    private readonly Tensor square = torch.ones([512, 512]);

    /// <summary>Call, result, free.</summary>
    [Benchmark]
    public void Add()
    {
        using var sum = one.add(one);
    }

    /// <summary>The same with a graph node recorded and freed.</summary>
    [Benchmark]
    public void Add_recorded()
    {
        using var scope = NewDisposeScope();
        var leaf = one.detach().requires_grad_();
        leaf.add(one);
    }

    /// <summary>A product that fills the processor: 512 × 512 × 512, float32.</summary>
    [Benchmark]
    public void Multiply() => square.matmul(square).Dispose();

    /// <summary>Frees the operands.</summary>
    [GlobalCleanup]
    public void Free()
    {
        one.Dispose();
        square.Dispose();
    }
}
