using Bench.Attention;
using Bench.Backbone;
using Bench.Kernels;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>Positions without requested logits are attended to, and do not change the logits of the others.</summary>
public sealed class WantedTests
{
    [Theory]
    [InlineData(Conditioning.Absent, false)]
    [InlineData(Conditioning.Constant, false)]
    [InlineData(Conditioning.Sigma, false)]
    [InlineData(Conditioning.Sigma, true)]
    public void Logits_of_some_positions_equal_those_of_all(Conditioning conditioning, bool perToken)
    {
        const int Rows = 3, Columns = 5;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = conditioning });
        network.eval();
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var tokens =
            tensor([.. Enumerable.Range(0, Rows * Columns).Select(at => (long)RandomStream.Root(1).Below(5, 0, at))], [Rows, Columns]);
        var sigma =
            tensor([.. Enumerable.Range(0, perToken ? Rows * Columns : Rows).Select(at => 0.1 * at)], perToken ? [Rows, Columns] : [Rows]);
        var all = network.Logits(tokens, sigma).flatten(0, 1);
        long[] some = [11, 2, 2, 7]; // in any order, and one twice
        double[] expected = all.index_select(0, tensor(some)).data<double>().ToArray(),
            actual = network.Logits(tokens, sigma, tensor(some)).data<double>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.True(all.abs().max().ToDouble() > 0.1);
    }

    [Theory]
    [InlineData(33)]
    [InlineData(35)]
    [InlineData(199)]
    public void Rows_that_fill_up_a_product_change_neither_the_answers_nor_the_gradients(int count)
    {
        const int Rows = 5, Columns = 40, Mask = 5; // multiples of 4 among 200
        using var scope = NewDisposeScope();
        var tokens =
            tensor([.. Enumerable.Range(0, Rows * Columns).Select(at => (long)RandomStream.Root(1).Below(5, 0, at))], [Rows, Columns]);
        var sigma = tensor([.. Enumerable.Range(0, Rows).Select(row => 0.1 * row)]);
        var some = tensor([.. Enumerable.Range(0, count).Select(at => (long)(at * 7 % (Rows * Columns)))]);
        var targets = tokens.flatten().index_select(0, some);
        using Ddit asked = TinyNetwork.Of(TinyNetwork.Conditioned), whole = TinyNetwork.Of(TinyNetwork.Conditioned);

        var answers = asked.NegativeLogLikelihood(new(tokens, sigma, some), targets, Mask);
        var logits = whole.Logits(tokens, sigma).flatten(0, 1).index_select(0, some);
        var expected = Subs.NegativeLogLikelihood(logits, targets, Mask);
        Backpropagation.Run(answers.sum());
        Backpropagation.Run(expected.sum());

        Assert.Equal([count], answers.shape);
        Assert.True(allclose(expected, answers, 1e-12, 1e-12));
        Assert.All(asked.named_parameters().Zip(whole.named_parameters()), pair =>
            Assert.True(allclose(pair.Second.parameter.grad!, pair.First.parameter.grad!, 1e-10, 1e-12), pair.First.name));
        using var recorded = no_grad();
        Assert.True(allclose(logits, asked.Logits(tokens, sigma, some), 1e-12, 1e-12));
    }
}
