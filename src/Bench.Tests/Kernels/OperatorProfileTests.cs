using System.Diagnostics;
using Bench.Kernels;
using Xunit;

namespace Bench.Tests.Kernels;

public sealed class OperatorProfileTests
{
    [Fact]
    public void Parts_are_counted_by_name_and_pass()
    {
        var found = OperatorProfile.Of(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                using (OperatorProfile.Time("product"))
                {
                }

                using (OperatorProfile.Time("step", isBackward: true))
                {
                    // A part within a backward one is backward.
                    using (OperatorProfile.Time("product"))
                    {
                    }
                }
            }
        });
        Assert.Equal(
            [("product", false, 3L), ("product", true, 3L), ("step", true, 3L)],
            found.Select(entry => (entry.Name, entry.IsBackward, entry.Calls)).Order());
    }

    [Fact]
    public void Time_of_a_part_is_not_time_of_the_one_around_it()
    {
        var clock = Stopwatch.StartNew();
        var found = OperatorProfile.Of(() =>
        {
            using var outer = OperatorProfile.Time("outer");
            using var inner = OperatorProfile.Time("inner");
            var spin = Stopwatch.StartNew();
            while (spin.ElapsedMilliseconds < 20)
                Thread.SpinWait(100);
        });
        double all = clock.Elapsed.TotalSeconds;
        Assert.All(found, entry => Assert.True(entry.Seconds >= 0));
        Assert.InRange(found.Sum(entry => entry.Seconds), 0.02, all);
        Assert.Equal("inner", found[0].Name);
    }

    [Fact]
    public void Operators_outside_a_profile_are_not_counted()
    {
        OperatorProfile.Time("before").Dispose();
        var found = OperatorProfile.Of(() => OperatorProfile.Time("in it").Dispose());
        OperatorProfile.Time("behind").Dispose();
        Assert.Equal(["in it"], found.Select(entry => entry.Name));
        Assert.Empty(OperatorProfile.Of(() => { }));
    }

    [Fact]
    public void A_profile_within_a_profile_is_refused_and_the_next_one_is_taken()
    {
        Assert.Contains("already",
            Assert.Throws<InvalidOperationException>(() => OperatorProfile.Of(() => OperatorProfile.Of(() => { }))).Message,
            StringComparison.Ordinal);
        Assert.Empty(OperatorProfile.Of(() => { }));
    }
}
