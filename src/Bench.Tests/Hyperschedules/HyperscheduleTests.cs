using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

public sealed class HyperscheduleTests
{
    public static TheoryData<string, Hyperschedule> Schedules() => new()
    {
        { "flat", Hyperschedule.Flat(6, 4) },
        { "autoregressive", Hyperschedule.Autoregressive(6) },
        { "block", Hyperschedule.Block(7, 3, 2) },
    };

    [Theory, MemberData(nameof(Schedules))]
    public void Levels_fall_from_pure_noise_to_settled_one_at_a_time(string name, Hyperschedule schedule)
    {
        Assert.NotEmpty(name);
        for (int i = 0; i < schedule.Length; i++)
        {
            Assert.Equal(schedule.Depth, schedule.LevelAt(0, i));
            Assert.Equal(0, schedule.LevelAt(schedule.Steps, i));
            for (int step = 0; step < schedule.Steps; step++)
                Assert.InRange(schedule.LevelAt(step, i) - schedule.LevelAt(step + 1, i), 0, 1);
        }
    }

    [Theory, MemberData(nameof(Schedules))]
    public void No_step_is_idle_and_every_position_is_active_once_a_level(string name, Hyperschedule schedule)
    {
        Assert.NotEmpty(name);
        for (int step = 0; step < schedule.Steps; step++)
            Assert.Contains(Enumerable.Range(0, schedule.Length), i => schedule.RegionAt(step, i) == Region.Active);
        for (int i = 0; i < schedule.Length; i++)
            Assert.Equal(schedule.Depth, Enumerable.Range(0, schedule.Steps).Count(step => schedule.RegionAt(step, i) == Region.Active));
    }

    [Fact]
    public void Autoregression_settles_one_position_a_step_from_left_to_right()
    {
        var schedule = Hyperschedule.Autoregressive(5);
        Assert.Equal(5, schedule.Steps);
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(Region.Active, schedule.RegionAt(step, step));
            Assert.All(Enumerable.Range(0, step), i => Assert.Equal(Region.Settled, schedule.RegionAt(step, i)));
            Assert.All(Enumerable.Range(step + 1, 4 - step), i => Assert.Equal(Region.Worthless, schedule.RegionAt(step, i)));
        }
    }

    [Fact]
    public void Blocks_of_four_by_four_are_the_published_table()
    {
        // HDLM, arXiv 2504.06416: block annealing, width 4, 4 levels, length 8; the first row is the state before any step.
        string[] rows = [.. Enumerable.Range(0, 9).Select(step => string.Concat(Enumerable.Range(0, 8).Select(i => Hyperschedule.Block(8, 4, 4).LevelAt(step, i))))];
        Assert.Equal(["44444444", "33334444", "22224444", "11114444", "00004444", "00003333", "00002222", "00001111", "00000000"], rows);
    }

    [Fact]
    public void A_block_of_the_whole_length_is_flat_and_one_of_width_one_is_autoregressive()
    {
        var (flat, block) = (Hyperschedule.Flat(5, 3), Hyperschedule.Block(5, 5, 3));
        var (gpt, single) = (Hyperschedule.Autoregressive(5), Hyperschedule.Block(5, 1, 1));
        for (int step = 0; step <= 5; step++)
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(flat.LevelAt(step, i), block.LevelAt(step, i));
                Assert.Equal(gpt.LevelAt(step, i), single.LevelAt(step, i));
            }
        }
    }
}
