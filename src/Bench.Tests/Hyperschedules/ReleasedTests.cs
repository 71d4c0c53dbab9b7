using Bench.Hyperschedules;
using Bench.Reference.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

/// <summary>The authors' tables beside the one formula.</summary>
public sealed class ReleasedTests
{
    // n | levels, with a bar behind the settled positions.
    // So that a table that would not fit is refused before it is made.
    [Fact]
    public void Rows_of_a_table_are_known_before_it_is_made()
    {
        foreach (var (width, depth, length) in from width in Enumerable.Range(2, 7) from depth in Enumerable.Range(1, 6)
            from length in Enumerable.Range(8, 12) select (width, depth, length))
        {
            Assert.Equal(ReleasedAnnealing.Block(width, depth).EndOf(length), ReleasedAnnealing.RowsOfBlock(length, width, depth));
            Assert.Equal(new ReleasedBlockSlide(width, depth, length).EndOf(length), ReleasedBlockSlide.Rows(length, width, depth));
            Assert.InRange(ReleasedAnnealing.RowsOfSlide(length, width, depth) - ReleasedAnnealing.Slide(width, depth).EndOf(length), 0, 1);
        }
    }

    [Theory]
    [InlineData(4, 4, 1, "|34444444")]
    [InlineData(4, 4, 4, "|01234444")]
    [InlineData(4, 4, 5, "0|0123444")]
    [InlineData(4, 4, 11, "0000000|0")]
    [InlineData(4, 8, 4, "|02578888")]
    [InlineData(4, 8, 5, "0|0257888")]
    [InlineData(4, 2, 3, "|01122222")]
    [InlineData(4, 2, 4, "|00112222")]
    [InlineData(4, 2, 7, "000000|00")]
    public void Slides_have_the_published_rows(int width, int depth, int step, string row) =>
        Assert.Equal(row, Row(ReleasedAnnealing.Slide(width, depth), step));

    [Theory, InlineData(256, 256, 1279), InlineData(256, 128, 767), InlineData(256, 64, 597), InlineData(256, 32, 460)]
    public void Slides_whose_depth_is_not_their_width_take_more_steps_than_they_need(int width, int depth, int steps)
    {
        Assert.Equal(steps, ReleasedAnnealing.Slide(width, depth).EndOf(1024) - 1);
        int needed = Hyperschedule.Slide(1024, width, width / depth).Steps;
        Assert.True(width == depth ? needed == steps : needed < steps);
    }

    [Fact]
    public void Blocks_of_every_depth_above_one_are_the_formula()
    {
        for (int depth = 2; depth <= 6; depth++)
            AssertSame(Hyperschedule.Block(10, 4, depth), ReleasedAnnealing.Block(4, depth), 10);
    }

    [Fact]
    public void Slides_of_as_many_levels_as_positions_are_the_formula()
    {
        for (int width = 1; width <= 6; width++)
            AssertSame(Hyperschedule.Slide(9, width, rate: 1), ReleasedAnnealing.Slide(width, width), 9);
    }

    [Theory, InlineData(1, 3), InlineData(4, 4), InlineData(4, 2), InlineData(3, 5)]
    public void Block_slides_differ_in_the_way_but_settle_each_position_when_ours_do(int width, int depth)
    {
        var (ours, theirs) =
            (Hyperschedule.BlockSlide(2 * width, width, depth),
                ((IReleasedSchedule)new ReleasedBlockSlide(width, depth, 2 * width)).Tabulate(2 * width));
        Assert.Equal(($"released-block-slide-{width}x{depth}", ours.Steps), (theirs.Name, theirs.Steps));
        Assert.All(Enumerable.Range(0, 2 * width), i => Assert.Equal(ours.SettledAfter(i), theirs.SettledAfter(i)));
        Assert.Equal(width == 1, Paths.Rows(ours).SequenceEqual(Paths.Rows(theirs)));
    }

    [Fact]
    public void A_prompt_shifts_the_table()
    {
        var path = ReleasedAnnealing.Slide(3, 3).After(2);
        var ours = Hyperschedule.Slide(5, 3, 1).WithPrefix(2);
        for (int step = 0; step < path.EndOf(7); step++)
            Assert.Equal(Enumerable.Range(0, 7).Select(i => ours.LevelAt(step, i)), path.LevelsAt(step, 7));
    }

    [Fact]
    public void One_drawn_step_a_block_gives_each_block_its_level() =>
        Assert.Equal([2, 2, 0, 0, 3, 3], ReleasedPicks.Block(2, 4, [2, 8, 9]).Levels.ToArray());

    [Fact]
    public void A_step_of_another_block_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => ReleasedPicks.Block(2, 4, [2, 9]));

    private static string Row(ReleasedAnnealing path, int step) => string.Concat(path.LevelsAt(step, 8)).Insert(path.SettledAt(step), "|");

    private static void AssertSame(Hyperschedule ours, IReleasedSchedule theirs, int length)
    {
        Assert.Equal(Paths.Rows(ours), Paths.Rows(theirs.Tabulate(length)));
        Assert.Equal(ours.HasContinuousLimit, theirs.Tabulate(length).HasContinuousLimit);
    }
}
