using System.Text.Json;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>Says in call i what a golden file has a network say there, cut to the columns of the call; and remembers what it was shown.</summary>
internal sealed class RecordedNetwork(JsonElement outputs)
{
    private readonly double[][][][] outputs = [.. outputs.EnumerateArray().Select(Call)]; // [calls][B][L][V]
    private readonly List<double> tokens = [], sigma = [], blocked = [];
    private int calls;

    /// <summary>Whether all calls were made.</summary>
    public void AssertCalled() => Assert.Equal(outputs.Length, calls);

    public double[][][] Answer(ReleasedCall call)
    {
        tokens.AddRange(call.Tokens.SelectMany(row => row).Select(token => (double)token));
        sigma.AddRange(call.Tokens.SelectMany(_ => call.Sigma));
        if (call.Sees is { } sees)
            blocked.AddRange(sees.Cast<bool>().Select(may => may ? 0.0 : 1));
        return Array.ConvertAll(outputs[calls++], row => row[..call.Tokens[0].Length]);
    }

    public void AssertShown(JsonElement expected) => Close.Assert(GoldenCase.Numbers(expected), tokens.ToArray(), 0, "tokens shown");

    public void AssertTold(double[] expected) => Close.Assert(expected, sigma.ToArray(), what: "sigma told");

    public void AssertBlocked(JsonElement expected) => Close.Assert(GoldenCase.Numbers(expected), blocked.ToArray(), 0, "attention");

    // Without a batch there is one sequence.
    private static double[][][] Call(JsonElement call) =>
        GoldenCase.Shape(call).Length == 2 ? [Sequence(call)] : [.. call.EnumerateArray().Select(Sequence)];

    private static double[][] Sequence(JsonElement rows) => [.. rows.EnumerateArray().Select(GoldenCase.Numbers)];
}
