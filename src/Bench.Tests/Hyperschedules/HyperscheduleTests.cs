using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

public sealed class HyperscheduleTests
{
    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Levels_fall_from_pure_noise_to_settled(Hyperschedule hyperschedule)
    {
        for (int i = 0; i < hyperschedule.Length; i++)
        {
            Assert.Equal(hyperschedule.SettledAfter(i) == 0 ? 0 : hyperschedule.Depth, hyperschedule.LevelAt(0, i));
            Assert.Equal(0, hyperschedule.LevelAt(hyperschedule.Steps, i));
            for (int step = 0; step < hyperschedule.Steps; step++)
                Assert.InRange(hyperschedule.LevelAt(step, i) - hyperschedule.LevelAt(step + 1, i), 0, hyperschedule.Depth);
        }
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void No_step_is_idle(Hyperschedule hyperschedule)
    {
        for (int step = 0; step < hyperschedule.Steps; step++)
            Assert.Contains(Enumerable.Range(0, hyperschedule.Length),
                i => hyperschedule.LevelAt(step + 1, i) < hyperschedule.LevelAt(step, i));
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void A_position_is_worthless_at_pure_noise_settled_without_noise_and_active_from_its_first_fall_on(Hyperschedule hyperschedule)
    {
        for (int i = 0; i < hyperschedule.Length; i++)
        {
            for (int step = 0; step <= hyperschedule.Steps; step++)
            {
                int now = hyperschedule.LevelAt(step, i), next = hyperschedule.LevelAt(step + 1, i);
                Assert.Equal(now == 0 ? Region.Settled : next == hyperschedule.Depth ? Region.Worthless : Region.Active,
                    hyperschedule.RegionAt(step, i));
            }
        }
    }

    [Theory, MemberData(nameof(Paths.AllStaircases), MemberType = typeof(Paths))]
    public void A_uniform_descent_is_active_once_a_level(Hyperschedule hyperschedule)
    {
        for (int i = 0; i < hyperschedule.Length; i++)
        {
            int[] levels = [.. Enumerable.Range(0, hyperschedule.Steps).Where(step => hyperschedule.RegionAt(step, i) == Region.Active)
                .Select(step => hyperschedule.LevelAt(step, i))];
            Assert.Equal(hyperschedule.SettledAfter(i) == 0 ? [] : Enumerable.Range(1, hyperschedule.Depth).Reverse(), levels);
        }
    }

    [Fact]
    public void Autoregression_settles_one_position_a_step_from_left_to_right()
    {
        var hyperschedule = Hyperschedule.Autoregressive(5);
        Assert.Equal(5, hyperschedule.Steps);
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(Region.Active, hyperschedule.RegionAt(step, step));
            Assert.All(Enumerable.Range(0, step), i => Assert.Equal(Region.Settled, hyperschedule.RegionAt(step, i)));
            Assert.All(Enumerable.Range(step + 1, 4 - step), i => Assert.Equal(Region.Worthless, hyperschedule.RegionAt(step, i)));
        }
    }

    // HDLM, arXiv 2504.06416: the published tables; the first row is the state before any step.
    [Fact]
    public void Blocks_of_four_by_four_are_the_published_table() => Assert.Equal(
        ["44444444", "33334444", "22224444", "11114444", "00004444", "00003333", "00002222", "00001111", "00000000"],
        Paths.Rows(Hyperschedule.Block(8, 4, 4)));

    [Fact]
    public void A_slide_of_width_four_is_the_published_table() => Assert.Equal(
        ["44444444", "34444444", "23444444", "12344444", "01234444", "00123444", "00012344", "00001234", "00000123", "00000012", "00000001",
            "00000000"],
        Paths.Rows(Hyperschedule.Slide(8, 4, 1)));

    [Fact]
    public void A_slide_of_rate_two_moves_by_pairs_and_takes_five_steps() => Assert.Equal(
        ["22222222", "11222222", "00112222", "00001122", "00000011", "00000000"], Paths.Rows(Hyperschedule.Slide(8, 4, 2)));

    [Fact]
    public void A_slow_slide_settles_one_position_in_two_steps() => Assert.Equal(
        ["333", "233", "133", "023", "013", "002", "001", "000"], Paths.Rows(Hyperschedule.Ramp(3, 1, 2, 3)));

    [Fact]
    public void A_block_slide_moves_a_front_through_one_block_after_the_other() => Assert.Equal(
        ["2222", "1222", "0122", "0022", "0012", "0001", "0000"], Paths.Rows(Hyperschedule.BlockSlide(4, 2, 2)));

    // Step counts at length 1024 (HDLM): T = K⌈L/ω⌉ for blocks, K + ⌈L/ρ⌉ − 1 for slides, (K + ω − 1)⌈L/ω⌉ for block-slides.
    public static TheoryData<Hyperschedule, int> StepCounts() => new()
    {
        { Hyperschedule.Block(1024, 256, 256), 1024 },
        { Hyperschedule.Block(1024, 256, 64), 256 },
        { Hyperschedule.Block(1000, 256, 32), 128 },
        { Hyperschedule.Flat(1024, 128), 128 },
        { Hyperschedule.Autoregressive(1024), 1024 },
        { Hyperschedule.Slide(1024, 256, 1), 1279 },
        { Hyperschedule.Slide(1024, 256, 4), 319 },
        { Hyperschedule.Slide(1022, 256, 4), 319 },
        { Hyperschedule.BlockSlide(1024, 256, 64), 1276 },
        { Hyperschedule.Independent(1024, 100), 100 },
    };

    [Theory, MemberData(nameof(StepCounts))]
    public void A_schedule_takes_as_many_steps_as_the_formula_says(Hyperschedule hyperschedule, int steps) =>
        Assert.Equal(steps, hyperschedule.Steps);

    public static TheoryData<Hyperschedule, Hyperschedule> Limits() => new()
    {
        { Hyperschedule.Autoregressive(5), Hyperschedule.Block(5, 1, 1) },
        { Hyperschedule.Autoregressive(5), Hyperschedule.Slide(5, 1, 1) },
        { Hyperschedule.Autoregressive(5), Hyperschedule.BlockSlide(5, 2, 1) },
        { Hyperschedule.Flat(5, 3), Hyperschedule.Block(5, 5, 3) },
        { Hyperschedule.Flat(5, 3), Hyperschedule.Block(5, 9, 3) },
        { Hyperschedule.Flat(5, 1), Hyperschedule.Slide(5, 5, 5) },
        { Hyperschedule.Flat(5, 3), Hyperschedule.Ramp(5, 5, 1, 3) },
        { Hyperschedule.Flat(5, 3), Hyperschedule.Independent(5, 3) },
        { Hyperschedule.Block(6, 2, 1), Hyperschedule.Slide(6, 2, 2) },
        { Hyperschedule.Block(6, 1, 4), Hyperschedule.BlockSlide(6, 1, 4) },
        { Hyperschedule.Slide(6, 4, 1), Hyperschedule.BlockSlide(6, 6, 4) },
    };

    [Theory, MemberData(nameof(Limits))]
    public void Schedules_meet_in_their_limits(Hyperschedule one, Hyperschedule other) => Assert.Equal(Paths.Rows(one), Paths.Rows(other));

    [Fact]
    public void A_rate_that_does_not_divide_the_width_is_refused_with_those_that_do()
    {
        var refused = Assert.Throws<ArgumentException>(() => Hyperschedule.Slide(8, 6, 4));
        Assert.StartsWith("rate is 4, but the number of levels is width / rate and 4 does not divide 6; use one of 1, 2, 3, 6",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_beyond_32_bits_are_refused_and_none_below_overflows()
    {
        Assert.All(
            new[] { () => Hyperschedule.Ramp(65_536, 1, 65_536, 65_536), () => Hyperschedule.Block(65_536, 1, 65_536),
                () => Hyperschedule.BlockSlide(65_536, 1, 65_536) },
            make => Assert.Contains("takes 4294967296 steps on 65536 positions", Assert.Throws<ArgumentException>(make).Message,
                StringComparison.Ordinal));
        Assert.Equal(32_768 * 65_535, Hyperschedule.Block(65_536, 2, 65_535).Steps);
    }

    [Fact]
    public void A_stagger_with_idle_steps_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Hyperschedule.Ramp(4, 1, 3, 2));

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void A_prompt_is_settled_from_the_start_and_changes_nothing_behind_it(Hyperschedule hyperschedule)
    {
        var prompted = hyperschedule.WithPrefix(2);
        Assert.Equal(Paths.Rows(hyperschedule).Select(row => "00" + row), Paths.Rows(prompted));
        Assert.All([0, 1], i => Assert.Equal(Region.Settled, prompted.RegionAt(0, i)));
        Assert.True(prompted.NeedsContext);
        Assert.Equal((hyperschedule.HasContinuousLimit, hyperschedule.Steps), (prompted.HasContinuousLimit, prompted.Steps));
    }

    [Theory, MemberData(nameof(Paths.AllStaircases), MemberType = typeof(Paths))]
    public void Every_position_is_fed_once_a_level_whatever_the_schedule(Hyperschedule hyperschedule) =>
        Assert.Equal(hyperschedule.Depth, Cost.Of(hyperschedule).PerToken, 1e-12);

    [Fact]
    public void Cost_counts_calls_and_the_positions_of_a_call()
    {
        Assert.Equal(new Cost(8, 8, 1), Cost.Of(Hyperschedule.Flat(8, 8)));
        Assert.Equal(new Cost(8, 1, 1), Cost.Of(Hyperschedule.Autoregressive(8)));
        Assert.Equal(new Cost(6, 4, 2), Cost.Of(Hyperschedule.Block(12, 4, 2).WithPrefix(3)));
        // The authors' block-slide feeds positions that pause: in blocks of three by three 3, 4 and 5 times, and the lone last one 3 times.
        Assert.Equal((3 + 4 + 5 + 3) / 4.0, Cost.Of(Paths.Tables.First()).PerToken, 1e-12);
    }
}
