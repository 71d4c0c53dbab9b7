using Xunit.Sdk;

namespace Bench.Tests.Golden;

/// <summary>Random numbers that a public code asked for at once: how, how many, and between which bounds.</summary>
/// <param name="input">The entry of the file.</param>
/// <param name="name">Where it stands.</param>
internal sealed class GoldenDraw(GoldenInput input, string name)
{
    private static readonly string[] Continuous = ["rand", "rand_like", "np_rand"], Whole = ["randint", "randint_like", "np_randint"];

    /// <summary>All draws of a case, in order.</summary>
    public static GoldenDraw[] All(GoldenCase golden, string input = "draws") =>
        [.. golden.Inputs.GetProperty(input).EnumerateArray().Select((draw, index) => new GoldenDraw(draw, $"{input}[{index}]"))];

    /// <summary>Whether the draw is one of whole numbers; its bounds are read with its values.</summary>
    public bool IsWhole => Whole.Contains(input.GetProperty("fn").GetString());

    /// <summary>Numbers in (0, 1).</summary>
    public double[] Uniforms() => Checked(Continuous);

    /// <summary>Whole numbers from <paramref name="low"/> on and below <paramref name="high"/>, which the file has to say too.</summary>
    public long[] Integers(long low, long high)
    {
        double[] values = Checked(Whole);
        var (from, to) = Bounds();
        return (from, to) == (low, high)
            ? Array.ConvertAll(values, value => (long)value)
            : throw new XunitException($"{name} is drawn from [{from}, {to}), but what is computed here draws from [{low}, {high})");
    }

    /// <summary>All values; and the bounds of whole ones, [0, 0) for others.</summary>
    public (double[] Values, long Low, long High) Either()
    {
        if (!IsWhole)
            return (Uniforms(), 0, 0);
        var (low, high) = Bounds();
        return (Checked(Whole), low, high);
    }

    private (long Low, long High) Bounds() => (input.GetProperty("low").GetInt32(), input.GetProperty("high").GetInt32());

    private double[] Checked(string[] functions)
    {
        string function = input.GetProperty("fn").GetString()!;
        if (!functions.Contains(function))
            throw new XunitException($"{name} is of {function}, but what is computed here asks for {functions[0]}");
        double[] values = input.GetProperty("values").Numbers();
        double count = input.GetProperty("shape").Numbers().Aggregate(1.0, (product, size) => product * size);
        return values.Length == count ? values
            : throw new XunitException($"{name} has {values.Length} values, but its shape is of {count}");
    }
}
