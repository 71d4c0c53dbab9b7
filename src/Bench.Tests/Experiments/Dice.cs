using Bench.Numerics;

namespace Bench.Tests.Experiments;

/// <summary>Whole numbers drawn one after the other.</summary>
internal sealed class Dice(int seed)
{
    private readonly RandomStream stream = RandomStream.Root((ulong)seed);
    private long thrown;

    /// <summary>A number from 0 to below another one.</summary>
    public int Next(int most) => Math.Min(most - 1, (int)(stream.Uniform(thrown++, 0) * most));

    /// <summary>A number from one to below another one.</summary>
    public int Next(int least, int most) => least + Next(most - least);
}
