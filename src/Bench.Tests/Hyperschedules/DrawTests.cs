using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

/// <summary>The steps at which a draw looks at positions, by enumeration of draws.</summary>
public sealed class DrawTests
{
    [Theory, MemberData(nameof(Paths.AllStaircases), MemberType = typeof(Paths))]
    public void The_phases_look_at_every_level_of_every_position_once(Hyperschedule path)
    {
        var looks = Phases(path).SelectMany(snapshot => Enumerable.Range(0, path.Length).Where(i => snapshot.Steps[i] >= 0)
            .Select(i => (Position: i, Level: (int)Math.Round(snapshot.Times[i] * path.Depth), Next: (int)Math.Round(snapshot.Next!.Value[i] * path.Depth)))).ToArray();
        var all = from i in Enumerable.Range(0, path.Length)
                  where path.SettledAfter(i) > 0
                  from level in Enumerable.Range(1, path.Depth)
                  select (i, level, level - 1);
        Assert.Equal(all, looks.Order());
        Assert.All(Phases(path), snapshot => Assert.Equal(path.Depth, snapshot.Weight));
    }

    [Theory, MemberData(nameof(Paths.AllTables), MemberType = typeof(Paths))]
    public void A_table_is_looked_at_step_by_step(Hyperschedule path)
    {
        Snapshot[] snapshots = [.. Steps(path)];
        for (int step = 0; step < path.Steps; step++)
        {
            Assert.Equal(path.Steps, snapshots[step].Weight);
            for (int i = 0; i < path.Length; i++)
            {
                Assert.Equal(path.RegionAt(step, i) == Region.Active ? step : -1, snapshots[step].Steps[i]);
                Assert.Equal((path.TimeAt(step, i), path.TimeAt(step + 1, i)), (snapshots[step].Times[i], snapshots[step].Next!.Value[i]));
            }
        }
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Positions_that_are_looked_at_in_one_step_are_those_that_are_active_in_it(Hyperschedule path)
    {
        foreach (var snapshot in Draws(path))
        {
            foreach (int step in snapshot.Steps.Distinct().Where(step => step >= 0))
            {
                Assert.Equal(
                    Enumerable.Range(0, path.Length).Where(i => path.RegionAt(step, i) == Region.Active),
                    Enumerable.Range(0, path.Length).Where(i => snapshot.Steps[i] == step));
            }
        }
    }

    [Fact]
    public void Independent_positions_are_put_where_their_own_numbers_say()
    {
        var path = Hyperschedule.Independent(3, 4).WithPrefix(1);
        double[] own = [0.9, 0.1, 0.6, 0.99];
        var discrete = path.Draw(0.5, i => own[i], continuous: false);
        Assert.Equal([0, 1, 0.5, 0.25], discrete.Times.ToArray());
        Assert.Equal([0, 0.75, 0.25, 0], discrete.Next!.Value.ToArray());
        Assert.Equal([-1, 0, 2, 3], discrete.Steps.ToArray());
        var continuous = path.Draw(0.5, i => own[i], continuous: true);
        Assert.Equal([0, 0.1, 0.6, 0.99], continuous.Times.ToArray());
        Assert.Null(continuous.Next);
    }

    [Fact]
    public void Infinitely_short_steps_put_blocks_evenly_around_the_level()
    {
        var snapshot = Hyperschedule.Block(4, 2, 8).Draw(0.7, Alike, continuous: true);
        Golden.Close.Assert([0.7, 0.7, 0.2, 0.2], snapshot.Times.AsSpan(), 1e-15);
        Assert.Equal(1, snapshot.Weight);
    }

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Infinitely_short_steps_are_refused_where_active_positions_differ_in_level(Hyperschedule path)
    {
        bool differ = Enumerable.Range(0, path.Steps).Any(step => Enumerable.Range(0, path.Length)
            .Where(i => path.RegionAt(step, i) == Region.Active).Select(i => path.LevelAt(step, i)).Distinct().Count() > 1);
        Assert.Equal(path is Staircase && !differ, path.HasContinuousLimit);
        if (path.HasContinuousLimit)
            Assert.Null(path.Draw(0.5, Alike, continuous: true).Next);
        else
            Assert.Throws<ArgumentException>(() => path.Draw(0.5, Alike, continuous: true));
    }

    /// <summary>One draw of each kind, all equally likely.</summary>
    internal static IEnumerable<Snapshot> Draws(Hyperschedule path) => path is Tabulated ? Steps(path) : Phases(path);

    // Off the middle of each interval: there, blocks that are half a level apart would fall on a boundary.
    private static IEnumerable<Snapshot> Phases(Hyperschedule path) => Enumerable.Range(0, path.Depth).Select(phase => path.Draw((phase + 0.3) / path.Depth, Alike, continuous: false));

    private static IEnumerable<Snapshot> Steps(Hyperschedule path) => Enumerable.Range(0, path.Steps).Select(step => path.Draw((step + 0.3) / path.Steps, Alike, continuous: false));

    private static double Alike(int position) => 0.5;
}
