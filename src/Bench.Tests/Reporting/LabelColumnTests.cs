using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Figures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class LabelColumnTests
{
    private static readonly Arbitrary<ImmutableArray<double>> Columns =
        Gen.Choose(0, 1000).Select(i => i / 100.0).ArrayOf().Where(values => values.Length is > 0 and < 20)
            .Select(values => values.ToImmutableArray()).ToArbitrary();

    [Fact]
    public void Labels_that_do_not_touch_stay() => Assert.Equal([1.0, 9.0, 5.0], LabelColumn.Spread([1, 9, 5], 1, 0, 10).AsEnumerable());

    [Fact]
    public void Labels_that_would_touch_part_evenly() => Assert.Equal([4.5, 5.5], LabelColumn.Spread([5, 5], 1, 0, 10).AsEnumerable());

    [Fact]
    public void Labels_are_a_gap_apart_in_the_order_of_their_lines() =>
        Prop.ForAll(Columns, wanted =>
        {
            var placed = LabelColumn.Spread(wanted, 0.4, 0, 10);
            int[] order = [.. Enumerable.Range(0, wanted.Length).OrderBy(i => placed[i])];
            return order.Zip(order.Skip(1))
                .All(pair => placed[pair.Second] - placed[pair.First] >= 0.4 - 1e-9 && wanted[pair.First] <= wanted[pair.Second]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_two_leaders_cross_wherever_lines_end() =>
        Prop.ForAll(Columns, Columns, (heights, distances) =>
        {
            ImmutableArray<(double Away, double Height)> ends =
                [.. heights.Select((height, i) => (1 + distances[i % distances.Length], height))];
            var placed = LabelColumn.Place(ends, 0.4, 0, 10);
            return Enumerable.Range(0, ends.Length)
                .All(
                    i => Enumerable.Range(i + 1, ends.Length - i - 1).All(j => !LabelColumn.Cross(ends[i], placed[i], ends[j], placed[j])));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Labels_that_fit_stay_within_the_limits() =>
        Prop.ForAll(Columns, wanted => LabelColumn.Spread(wanted, 0.4, 0, 10).All(place => place is >= -1e-9 and <= 10 + 1e-9))
            .QuickCheckThrowOnFailure();
}
