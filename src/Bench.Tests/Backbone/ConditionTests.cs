using Bench.Backbone;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

public sealed class ConditionTests
{
    [Fact]
    public void Rows_of_one_noise_level_are_conditioned_on_one_value()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2], Condition.Of([0.5, 0.5, 2, 2], 2, CPU).shape);
        Assert.Equal([0.5, 2], Condition.Of([0.5, 0.5, 2, 2], 2, CPU).data<double>().ToArray());
        Assert.Equal([2, 2], Condition.Of([0.5, 0.5, 2, 1], 2, CPU).shape);
        Assert.Equal([1, 1], Condition.Of([double.PositiveInfinity], 1, CPU).unsqueeze(0).shape);
    }
}
