using Bench.Reference.Sampling;

namespace Bench.Tests.Golden;

/// <summary>A draw in the order of a file whose mask stands anywhere, for samplers whose mask stands last.</summary>
internal sealed class MaskLastPick(IPick pick, MaskLast order) : IPick
{
    public int From(ReadOnlySpan<double> weights) => (int)order.Of([pick.From(order.Back(weights.ToArray()))])[0];
}
