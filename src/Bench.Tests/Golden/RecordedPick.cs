using System.Text.Json;
using Bench.Sampling.Released;

namespace Bench.Tests.Golden;

/// <summary>A draw that remembers the weights it was given.</summary>
internal sealed class RecordedPick(IPick pick) : IPick
{
    private readonly List<double> weights = [];

    public int From(ReadOnlySpan<double> weights)
    {
        this.weights.AddRange(weights);
        return pick.From(weights);
    }

    public void AssertWeights(JsonElement expected) => Close.Assert(GoldenCase.Numbers(expected), weights.ToArray(), what: "weights");
}
