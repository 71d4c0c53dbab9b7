using Bench.Reference.Sampling;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>
/// Says in call i what a golden file has a network say there, cut to the positions of the call; and records its inputs.
/// </summary>
/// <param name="outputs">By call.</param>
/// <param name="order">Where the file's mask stands; null for last.</param>
internal sealed class RecordedNetwork(GoldenInput outputs, MaskLast? order = null)
{
    private readonly double[][][][] outputs = [.. outputs.EnumerateArray().Select(call => Call(call, order))]; // [calls][B][L][V]
    private readonly List<double> tokens = [], sigma = [], blocked = [];
    private int calls;

    /// <summary>How many calls were made.</summary>
    public int Calls => calls;

    /// <summary>Whether all calls were made.</summary>
    public void AssertCalled() => Assert.Equal(outputs.Length, calls);

    public double[][][] Answer(ReleasedCall call)
    {
        tokens.AddRange(call.Tokens.SelectMany(row => order?.Back(row) ?? row).Select(token => (double)token));
        sigma.AddRange(call.Tokens.SelectMany(_ => call.Sigma));
        if (call.Sees is { } sees)
            blocked.AddRange(sees.Cast<bool>().Select(may => may ? 0.0 : 1));
        return Array.ConvertAll(outputs[calls++], row => row[..call.Tokens[0].Length]);
    }

    public void AssertShown(GoldenResult expected, string name) => expected.Match(name, tokens.ToArray(), 0, "tokens shown");

    /// <summary>The noise of each position of a call, or where the file has one number a row, of its first one.</summary>
    public void AssertReported(GoldenResult expected, string name, int? length = null) =>
        expected.Match(name, length is { } columns ? [.. sigma.Where((_, at) => at % columns == 0)] : [.. sigma], what: "sigma given");

    public void AssertBlocked(GoldenResult expected, string name) => expected.Match(name, blocked.ToArray(), 0, "attention");

    // Without a batch there is one sequence.
    private static double[][][] Call(GoldenInput call, MaskLast? order) =>
        call.Shape().Length == 2 ? [Sequence(call, order)] : [.. call.EnumerateArray().Select(rows => Sequence(rows, order))];

    private static double[][] Sequence(GoldenInput rows, MaskLast? order) =>
        [.. rows.EnumerateArray().Select(row => order?.Of(row.Numbers()) ?? row.Numbers())];
}
