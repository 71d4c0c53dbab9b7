using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

/// <summary>Hyperschedules of every kind over four positions, few enough to enumerate.</summary>
internal static class Paths
{
    /// <summary>One level a step, without pause.</summary>
    public static IEnumerable<Hyperschedule> Staircases =>
    [
        Hyperschedule.Flat(4, 3),
        Hyperschedule.Autoregressive(4),
        Hyperschedule.Block(4, 2, 3),
        Hyperschedule.Block(4, 3, 2),
        Hyperschedule.Slide(4, 3, 1),
        Hyperschedule.Slide(4, 4, 2),
        Hyperschedule.Slide(4, 6, 3),
        Hyperschedule.Ramp(4, 1, 2, 5),
        Hyperschedule.Ramp(4, 2, 2, 3),
        Hyperschedule.BlockSlide(4, 2, 3),
        Hyperschedule.BlockSlide(4, 3, 2),
        Hyperschedule.Slide(3, 2, 1).WithPrefix(1),
        Hyperschedule.Block(2, 1, 2).WithPrefix(2),
        Hyperschedule.Flat(3, 3).WithPrefix(1),
    ];

    /// <summary>
    /// Falls of several levels in a step, pauses half denoised, and positions that settle together after different onsets.
    /// </summary>
    public static IEnumerable<Hyperschedule> Tables =>
    [
        ((IReleasedSchedule)new ReleasedBlockSlide(3, 3, 4)).Tabulate(4),
        ((IReleasedSchedule)ReleasedAnnealing.Slide(3, 6)).Tabulate(4),
        ((IReleasedSchedule)ReleasedAnnealing.Slide(4, 2)).Tabulate(4),
        Hyperschedule.FromTable([[4, 4, 4, 4], [2, 4, 4, 3], [2, 4, 2, 3], [1, 1, 1, 1], [0, 0, 0, 0]]),
        Hyperschedule.FromTable([[2, 2, 2], [0, 2, 1], [0, 0, 1], [0, 0, 0]]).WithPrefix(1),
    ];

    public static TheoryData<Hyperschedule> AllStaircases() => [.. Staircases];

    public static TheoryData<Hyperschedule> AllTables() => [.. Tables];

    public static TheoryData<Hyperschedule> All() => [.. Staircases, .. Tables];

    /// <summary>The levels before the first step, after it, and so on.</summary>
    public static string[] Rows(Hyperschedule hyperschedule) => [.. LevelTable.Of(hyperschedule).Select(row => string.Concat(row))];
}
