using Bench.Numerics;
using BenchmarkDotNet.Attributes;

namespace Bench.Microbenchmarks;

/// <summary>What the counter-based generator costs.</summary>
public class RandomNumbers
{
    private const int Count = 1024;
    private readonly double[] numbers = new double[Count];
    private readonly RandomStream stream = RandomStream.Root(1);
    private ulong counter;

    /// <summary>128 bits.</summary>
    [Benchmark]
    public (ulong Low, ulong High) Philox_block() => Philox.Block(counter++, 0, 1);

    /// <summary>1024 uniform numbers.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Uniform() => stream.Fill(0, numbers);
}
