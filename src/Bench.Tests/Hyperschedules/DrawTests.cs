using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

/// <summary>The steps at which a draw looks at positions, by enumeration of draws.</summary>
public sealed class DrawTests
{
    [Theory, MemberData(nameof(Paths.AllStaircases), MemberType = typeof(Paths))]
    public void The_phases_look_at_every_level_of_every_position_once(Hyperschedule hyperschedule)
    {
        var looks = Phases(hyperschedule).SelectMany(draw => Enumerable.Range(0, hyperschedule.Length).Where(i => draw.Steps[i] >= 0)
            .Select(
                i => (Position: i, Level: (int)Math.Round(draw.Times[i] * hyperschedule.Depth),
                    Next: (int)Math.Round(draw.Next!.Value[i] * hyperschedule.Depth)))).ToArray();
        var all = from i in Enumerable.Range(0, hyperschedule.Length)
                  where hyperschedule.SettledAfter(i) > 0
                  from level in Enumerable.Range(1, hyperschedule.Depth)
                  select (i, level, level - 1);
        Assert.Equal(all, looks.Order());
        Assert.All(Phases(hyperschedule), draw => Assert.Equal(hyperschedule.Depth, draw.Weight));
    }

    [Theory, MemberData(nameof(Paths.AllTables), MemberType = typeof(Paths))]
    public void A_table_is_looked_at_step_by_step(Hyperschedule hyperschedule)
    {
        LevelDraw[] draws = [.. Steps(hyperschedule)];
        for (int step = 0; step < hyperschedule.Steps; step++)
        {
            Assert.Equal(hyperschedule.Steps, draws[step].Weight);
            for (int i = 0; i < hyperschedule.Length; i++)
            {
                Assert.Equal(hyperschedule.RegionAt(step, i) == Region.Active ? step : -1, draws[step].Steps[i]);
                Assert.Equal((hyperschedule.TimeAt(step, i), hyperschedule.TimeAt(step + 1, i)),
                    (draws[step].Times[i], draws[step].Next!.Value[i]));
            }
        }
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Positions_that_are_looked_at_in_one_step_are_those_that_are_active_in_it(Hyperschedule hyperschedule)
    {
        foreach (var draw in Draws(hyperschedule))
        {
            foreach (int step in draw.Steps.Distinct().Where(step => step >= 0))
            {
                Assert.Equal(
                    Enumerable.Range(0, hyperschedule.Length).Where(i => hyperschedule.RegionAt(step, i) == Region.Active),
                    Enumerable.Range(0, hyperschedule.Length).Where(i => draw.Steps[i] == step));
            }
        }
    }

    [Fact]
    public void Independent_positions_follow_their_own_draws()
    {
        var hyperschedule = Hyperschedule.Independent(3, 4).WithPrefix(1);
        double[] own = [0.9, 0.1, 0.6, 0.99];
        var discrete = hyperschedule.Draw(0.5, i => own[i], continuous: false);
        Assert.Equal([0, 1, 0.5, 0.25], discrete.Times.ToArray());
        Assert.Equal([0, 0.75, 0.25, 0], discrete.Next!.Value.ToArray());
        Assert.Equal([-1, 0, 2, 3], discrete.Steps.ToArray());
        var continuous = hyperschedule.Draw(0.5, i => own[i], continuous: true);
        Assert.Equal([0, 0.1, 0.6, 0.99], continuous.Times.ToArray());
        Assert.Null(continuous.Next);
    }

    [Fact]
    public void Infinitely_short_steps_put_blocks_evenly_around_the_level()
    {
        var draw = Hyperschedule.Block(4, 2, 8).Draw(0.7, Alike, continuous: true);
        Golden.Close.Assert([0.7, 0.7, 0.2, 0.2], draw.Times.AsSpan(), 1e-15);
        Assert.Equal(1, draw.Weight);
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Infinitely_short_steps_are_refused_where_active_positions_differ_in_level(Hyperschedule hyperschedule)
    {
        bool differ = Enumerable.Range(0, hyperschedule.Steps).Any(step => Enumerable.Range(0, hyperschedule.Length)
            .Where(i => hyperschedule.RegionAt(step, i) == Region.Active).Select(i => hyperschedule.LevelAt(step, i)).Distinct().Count()
            > 1);
        Assert.Equal(hyperschedule is UniformDescent && !differ, hyperschedule.HasContinuousLimit);
        if (hyperschedule.HasContinuousLimit)
            Assert.Null(hyperschedule.Draw(0.5, Alike, continuous: true).Next);
        else
            Assert.Throws<ArgumentException>(() => hyperschedule.Draw(0.5, Alike, continuous: true));
    }

    /// <summary>One draw of each kind, all equally likely.</summary>
    internal static IEnumerable<LevelDraw> Draws(Hyperschedule hyperschedule) =>
        hyperschedule is Tabulated ? Steps(hyperschedule) : Phases(hyperschedule);

    // Off the middle of each interval: there, blocks that are half a level apart would fall on a boundary.
    private static IEnumerable<LevelDraw> Phases(Hyperschedule hyperschedule) =>
        Enumerable.Range(0, hyperschedule.Depth)
            .Select(phase => hyperschedule.Draw((phase + 0.3) / hyperschedule.Depth, Alike, continuous: false));

    private static IEnumerable<LevelDraw> Steps(Hyperschedule hyperschedule) =>
        Enumerable.Range(0, hyperschedule.Steps)
            .Select(step => hyperschedule.Draw((step + 0.3) / hyperschedule.Steps, Alike, continuous: false));

    private static double Alike(int position) => 0.5;
}
