using System.Text.Json;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>The random numbers of a golden file in the order in which the public code drew them, tensor by tensor; and the probabilities that they decided about.</summary>
internal sealed class RecordedDraws : IDraws
{
    private readonly double[] values;
    private readonly int[] tensor; // that a value is of
    private readonly SortedDictionary<int, List<double>> probabilities = [];
    private int taken;

    public RecordedDraws(JsonElement draws)
    {
        double[][] tensors = [.. draws.EnumerateArray().Select(draw => GoldenCase.Numbers(draw.GetProperty("values")))];
        values = [.. tensors.SelectMany(numbers => numbers)];
        tensor = [.. tensors.Index().SelectMany(numbers => numbers.Item.Select(_ => numbers.Index))];
    }

    public RecordedDraws(double[] values) => (this.values, tensor) = (values, new int[values.Length]);

    public double Uniform() => values[taken++];

    public int Below(int count)
    {
        int drawn = (int)values[taken++];
        Assert.InRange(drawn, 0, count - 1);
        return drawn;
    }

    public bool Happens(double probability)
    {
        if (!probabilities.TryGetValue(tensor[taken], out var list))
            probabilities[tensor[taken]] = list = [];
        list.Add(probability);
        return Uniform() < probability;
    }

    /// <summary>All numbers are to be used up.</summary>
    public void AssertSpent() => Assert.Equal(values.Length, taken);

    /// <summary>The probabilities with which numbers were compared: one for each tensor of them, or one for each number.</summary>
    public void AssertThresholds(JsonElement thresholds)
    {
        double[][] expected = [.. thresholds.EnumerateArray().Select(GoldenCase.Numbers)], found = [.. probabilities.Values.Select(list => list.ToArray())];
        Assert.Equal(expected.Length, found.Length);
        foreach (var (theirs, ours) in expected.Zip(found))
            Close.Assert(theirs.Length == 1 ? [.. ours.Select(_ => theirs[0])] : theirs, ours, what: "threshold");
    }
}
