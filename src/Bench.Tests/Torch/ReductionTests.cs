using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class ReductionTests
{
    private static readonly double[] Numbers = TensorAssert.Spread(12, -2, 2);

    private static double[][] Rows => [.. Numbers.Chunk(4)];

    private static Tensor Matrix => tensor(Numbers, [3, 4]);

    [Fact]
    public void Sums_and_means_over_everything_or_over_one_dimension()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([Numbers.Sum()], Matrix.sum());
        TensorAssert.Close([Numbers.Average()], Matrix.mean());
        TensorAssert.Close([.. Rows.Select(row => row.Sum())], Matrix.sum(1));
        TensorAssert.Close([.. Rows.Select(row => row.Average())], Matrix.mean([-1]));
        TensorAssert.Close([Numbers.Sum()], Matrix.sum([0, 1]));
        Assert.Equal([3, 1], Matrix.sum(-1, keepdim: true).shape);
        Assert.Equal([1, 1], Matrix.mean([0, 1], keepdim: true).shape);
    }

    [Fact]
    public void Sums_may_be_taken_in_another_type()
    {
        using var scope = NewDisposeScope();
        var mask = tensor([true, false, true]);
        Assert.Equal(2, mask.sum().ToInt64());
        Assert.Equal(ScalarType.Float32, mask.sum(float32).dtype);
        Assert.Equal(ScalarType.Float64, mask.sum(0, type: float64).dtype);
        Assert.Equal(ScalarType.Float64, Matrix.to(float32).mean([0], type: float64).dtype);
    }

    [Fact]
    public void Extremes_and_their_places()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([Numbers.Max()], Matrix.max());
        TensorAssert.Close([Numbers.Min()], Matrix.min());
        Assert.Equal(Array.IndexOf(Numbers, Numbers.Max()), Matrix.argmax().ToInt64());
        var (values, places) = Matrix.max(1);
        TensorAssert.Close([.. Rows.Select(row => row.Max())], values);
        TensorAssert.Close([.. Rows.Select(row => (double)Array.IndexOf(row, row.Max()))], places);
        TensorAssert.Close([.. Rows.Select(row => (double)Array.IndexOf(row, row.Max()))], Matrix.argmax(-1));
        Assert.Equal([3, 1], Matrix.argmax(1, keepdim: true).shape);
        Assert.Equal([3, 1], Matrix.max(1, keepdim: true).values.shape);
    }

    [Fact]
    public void Sorting_returns_values_and_where_they_stood()
    {
        using var scope = NewDisposeScope();
        var (sorted, order) = Matrix.sort(1, descending: true);
        TensorAssert.Close([.. Rows.SelectMany(row => row.OrderDescending())], sorted);
        TensorAssert.Close(TensorAssert.Values(sorted), Matrix.gather(1, order));
        TensorAssert.Close([.. Rows.SelectMany(row => row.Order())], Matrix.sort().Values);
    }

    [Fact]
    public void Running_sums()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([1, 3, 6, 10], tensor([1.0, 2, 3, 4]).cumsum(0));
        Assert.Equal(ScalarType.Float64, tensor([1L, 2]).cumsum(0, float64).dtype);
    }

    [Fact]
    public void Softmax_and_its_logarithm_are_normalised_exponentials()
    {
        using var scope = NewDisposeScope();
        double[] exact = [.. Rows.SelectMany(row => row.Select(x => Math.Exp(x) / row.Sum(Math.Exp)))];
        TensorAssert.Close(exact, Matrix.softmax(1));
        TensorAssert.Close(exact, nn.functional.softmax(Matrix, -1));
        TensorAssert.Close([.. exact.Select(x => Math.Log(x))], Matrix.log_softmax(1));
        TensorAssert.Close([.. exact.Select(x => Math.Log(x))], nn.functional.log_softmax(Matrix, -1));
        TensorAssert.Close([.. Rows.Select(row => Math.Log(row.Sum(Math.Exp)))], Matrix.logsumexp(1));
        Assert.Equal([3, 1], Matrix.logsumexp(1, keepdim: true).shape);
        Assert.Equal(ScalarType.Float32, Matrix.to(bfloat16).softmax(1, float32).dtype);
        Assert.Equal(ScalarType.Float64, Matrix.to(float32).log_softmax(1, float64).dtype);
    }

    [Fact]
    public void Softmax_of_huge_numbers_does_not_overflow()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([0, Math.Log(0.5), Math.Log(0.5)], tensor([-1e4, 1e4, 1e4]).log_softmax(0).clamp(min: -1).masked_fill(tensor([true, false, false]), 0));
        Assert.Equal(double.NegativeInfinity, tensor([double.NegativeInfinity, 0]).log_softmax(0).data<double>()[0]);
    }

    [Fact]
    public void Products_of_matrices_sum_over_the_inner_dimension()
    {
        using var scope = NewDisposeScope();
        double[] b = TensorAssert.Spread(8, start: 50);
        double[] exact = [.. from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, 2) select Enumerable.Range(0, 4).Sum(k => Numbers[(i * 4) + k] * b[(k * 2) + j])];
        TensorAssert.Close(exact, Matrix.matmul(tensor(b, [4, 2])));
        TensorAssert.Close(exact, matmul(Matrix, tensor(b, [4, 2])));
        TensorAssert.Close([.. exact, .. exact], stack([Matrix, Matrix]).bmm(tensor(b, [1, 4, 2]).expand(2, -1, -1)));
    }
}
