using System.Diagnostics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>Which operators took how long; other tests must not compute meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class OperatorProfileTests
{
    [Fact]
    public void Operators_of_both_passes_are_counted_by_name()
    {
        using var scope = NewDisposeScope();
        var left = ones([8, 8]).requires_grad_();
        var right = ones([8, 8]).requires_grad_();
        var found = OperatorProfile.Of(() =>
        {
            for (int i = 0; i < 3; i++)
                left.matmul(right).sum().backward();
        });
        Assert.Equal(3, Calls(found, "aten::mm", isBackward: false));
        Assert.Equal(6, Calls(found, "aten::mm", isBackward: true)); // a product for each factor
        Assert.Equal(3, Calls(found, "aten::matmul", isBackward: false));
        Assert.Equal(3, Calls(found, "MmBackward0", isBackward: true));
    }

    [Fact]
    public void Time_of_an_operator_is_not_time_of_the_one_that_called_it()
    {
        using var scope = NewDisposeScope();
        var square = ones([512, 512]);
        var clock = Stopwatch.StartNew();
        var found = OperatorProfile.Of(() =>
        {
            for (int i = 0; i < 4; i++)
                square.matmul(square);
        });
        double all = clock.Elapsed.TotalSeconds;
        Assert.All(found, entry => Assert.True(entry.Seconds >= 0));
        Assert.True(found.Sum(entry => entry.Seconds) <= all);
        Assert.Equal("aten::mm", found[0].Name); // matmul only calls it
    }

    [Fact]
    public void Nothing_is_counted_before_or_behind_a_profile()
    {
        using var scope = NewDisposeScope();
        var one = ones([1]);
        one.add(one);
        var found = OperatorProfile.Of(() => one.mul(one));
        one.sub(one);
        Assert.Equal(1, Calls(found, "aten::mul", isBackward: false));
        Assert.DoesNotContain(found, entry => entry.Name is "aten::add" or "aten::sub");
        Assert.Empty(OperatorProfile.Of(() => { }));
    }

    [Fact]
    public void A_profile_within_a_profile_is_refused_and_the_next_one_is_taken()
    {
        Assert.Contains("already", Assert.Throws<TorchException>(() => OperatorProfile.Of(() => OperatorProfile.Of(() => { }))).Message, StringComparison.Ordinal);
        Assert.Empty(OperatorProfile.Of(() => { }));
    }

    private static long Calls(IEnumerable<OperatorTime> found, string name, bool isBackward) => found.Where(entry => entry.Name == name && entry.IsBackward == isBackward).Sum(entry => entry.Calls);
}
