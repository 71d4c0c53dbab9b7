using Bench.Reference.Sampling;

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

    /// <summary>Weights of so many states each, normalised.</summary>
    public void AssertShares(GoldenResult expected, string name, int states) =>
        expected.Match(name,
            [.. weights.Chunk(states).SelectMany(distribution => Array.ConvertAll(distribution, weight => weight / distribution.Sum()))]);

    public void AssertWeights(GoldenResult expected, string name) => expected.Match(name, weights.ToArray());
}
