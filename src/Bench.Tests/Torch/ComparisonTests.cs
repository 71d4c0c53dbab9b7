using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class ComparisonTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Tensors, Func<Tensor, Tensor> WithTwo, Func<double, double, bool> Number)> Relations = new()
    {
        ["eq"] = ((x, y) => x.eq(y), x => x.eq(2), (x, y) => x == y),
        ["ne"] = ((x, y) => x.ne(y), x => x.ne(2), (x, y) => x != y),
        ["lt"] = ((x, y) => x.lt(y), x => x.lt(2), (x, y) => x < y),
        ["le"] = ((x, y) => x.le(y), x => x.le(2), (x, y) => x <= y),
        ["gt"] = ((x, y) => x.gt(y), x => x.gt(2), (x, y) => x > y),
        ["ge"] = ((x, y) => x.ge(y), x => x.ge(2), (x, y) => x >= y),
        ["<"] = ((x, y) => x < y, x => x < 2, (x, y) => x < y),
        ["<="] = ((x, y) => x <= y, x => x <= 2, (x, y) => x <= y),
        [">"] = ((x, y) => x > y, x => x > 2, (x, y) => x > y),
        [">="] = ((x, y) => x >= y, x => x >= 2, (x, y) => x >= y),
    };

    public static TheoryData<string> Names => [.. Relations.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_relation_of_tensors_is_the_relation_of_each_pair(string name)
    {
        using var scope = NewDisposeScope();
        double[] x = [1, 2, 3, 1, 2, 3], y = [1, 1, 1, 2, 2, 2];
        bool[] expected = [.. x.Zip(y, Relations[name].Number)], withTwo = [.. x.Select(value => Relations[name].Number(value, 2))];
        foreach (var type in new[] { float64, float32, bfloat16, int64, int32, uint8 })
        {
            TensorAssert.Same(expected, Relations[name].Tensors(tensor(x, type), tensor(y, type)));
            TensorAssert.Same(withTwo, Relations[name].WithTwo(tensor(x, type)));
        }
    }

    [Fact]
    public void Logic_follows_its_truth_table()
    {
        using var scope = NewDisposeScope();
        var p = tensor([false, false, true, true]);
        var q = tensor([false, true, false, true]);
        TensorAssert.Same([false, false, false, true], p.logical_and(q));
        TensorAssert.Same([false, true, true, true], p.logical_or(q));
        TensorAssert.Same([true, true, false, false], p.logical_not());
        TensorAssert.Same([false, false, false, true], p & q);
        TensorAssert.Same([false, true, true, true], p | q);
        TensorAssert.Close([0b1000, 0b1110], tensor([0b1100L, 0b1100]) & tensor([0b1010L, 0b1010]) | tensor([0L, 0b0110]));
    }

    [Fact]
    public void Only_numbers_are_finite()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Same([true, false, false, false], tensor([1, double.NaN, double.PositiveInfinity, double.NegativeInfinity]).isfinite());
    }

    [Fact]
    public void Where_takes_from_the_first_where_the_condition_holds()
    {
        using var scope = NewDisposeScope();
        var mask = tensor([true, false, true]);
        var x = tensor([1.0, 2, 3]);
        TensorAssert.Close([1, 0, 3], where(mask, x, tensor(0.0)));
        TensorAssert.Close([1, -2, 3], x.where(mask, -x));
    }

    [Fact]
    public void All_any_and_allclose_say_whether_tensors_agree()
    {
        using var scope = NewDisposeScope();
        var mixed = tensor([true, false, true, true], [2, 2]);
        Assert.False(mixed.all().item<bool>());
        Assert.True(mixed.any().item<bool>());
        TensorAssert.Same([true, true], mixed.any(0));
        Assert.Equal([2, 1], mixed.any(1, keepdim: true).shape);
        Assert.True(allclose(tensor(1.0), tensor(1 + 1e-9)));
        Assert.False(allclose(tensor(1.0), tensor(1.1)));
        Assert.True(allclose(tensor(1.0), tensor(1.1), atol: 0.2));
        Assert.True(allclose(tensor(double.NaN), tensor(double.NaN), equal_nan: true));
    }
}
