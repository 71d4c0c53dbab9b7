using Bench.Attention;
using Bench.Backbone;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>Columns that nobody asks for are seen by the others, and cost the answer nothing.</summary>
public sealed class WantedTests
{
    [Theory]
    [InlineData(Conditioning.Absent, false)]
    [InlineData(Conditioning.Constant, false)]
    [InlineData(Conditioning.Sigma, false)]
    [InlineData(Conditioning.Sigma, true)]
    public void Logits_of_some_columns_are_those_of_all(Conditioning conditioning, bool perToken)
    {
        const int Rows = 3, Columns = 5;
        using var network = TinyNetwork.Of(TinyNetwork.Told with { Conditioning = conditioning });
        network.eval();
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var tokens = tensor([.. Enumerable.Range(0, Rows * Columns).Select(at => (long)RandomStream.Root(1).Below(5, 0, at))], [Rows, Columns]);
        var sigma = tensor([.. Enumerable.Range(0, perToken ? Rows * Columns : Rows).Select(at => 0.1 * at)], perToken ? [Rows, Columns] : [Rows]);
        var all = network.Logits(tokens, sigma).flatten(0, 1);
        long[] some = [11, 2, 2, 7]; // in any order, and one twice
        double[] expected = all.index_select(0, tensor(some)).data<double>().ToArray(), actual = network.Logits(tokens, sigma, tensor(some)).data<double>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.True(all.abs().max().ToDouble() > 0.1);
    }
}
