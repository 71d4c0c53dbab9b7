using Bench.Reference.Sampling;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>
/// The random numbers of a golden file in the order in which the public code drew them, tensor by tensor; and the probabilities that they
/// decided about.
/// </summary>
internal sealed class RecordedDraws : IDraws
{
    private readonly double[] values;
    private readonly int[] tensor; // that a value is of
    private readonly (long Low, long High)[] bounds; // [0, 0) of a tensor of numbers in (0, 1)
    private readonly SortedDictionary<int, List<double>> probabilities = [];
    private int taken;

    public RecordedDraws(GoldenDraw[] draws)
    {
        var all = Array.ConvertAll(draws, draw => draw.Either());
        values = [.. all.SelectMany(draw => draw.Values)];
        tensor = [.. all.Index().SelectMany(draw => draw.Item.Values.Select(_ => draw.Index))];
        bounds = Array.ConvertAll(all, draw => (draw.Low, draw.High));
    }

    public RecordedDraws(double[] values) => (this.values, tensor, bounds) = (values, new int[values.Length], [default]);

    public double Uniform()
    {
        Assert.Equal(default, bounds[tensor[taken]]);
        return values[taken++];
    }

    public int Below(int count)
    {
        Assert.Equal((0, count), bounds[tensor[taken]]);
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
    public void AssertThresholds(GoldenResult expected, string name) =>
        expected.MatchEach(name, [.. probabilities.Values.Select(list => list.ToArray())]);
}
