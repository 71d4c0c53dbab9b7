using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Hyperschedules;

/// <summary>Levels written out: a position may fall several levels in a step, or pause half denoised.</summary>
internal sealed class Tabulated : Hyperschedule
{
    private readonly int prefix;
    private readonly ImmutableArray<ImmutableArray<int>> rows; // without the prefix, and without rows that repeat the one before

    public Tabulated(string name, int prefix, IReadOnlyList<IReadOnlyList<int>> levels)
        : this(name, prefix, [.. levels.Where((row, step) => step == 0 || !row.SequenceEqual(levels[step - 1])).Select(row => row.ToImmutableArray())])
    {
    }

    private Tabulated(string name, int prefix, ImmutableArray<ImmutableArray<int>> rows)
        : base(
            name,
            rows[0][0],
            [.. new int[Require.NonNegative(prefix)], .. Rows(rows, atLeast: rows[0][0]).Select(count => count - 1)],
            [.. new int[prefix], .. Rows(rows, atLeast: 1)]) =>
        (this.prefix, this.rows) = (prefix, rows);

    /// <inheritdoc/>
    public override bool HasContinuousLimit => false;

    /// <inheritdoc/>
    public override bool IsMixed => false;

    /// <summary>Whether every position falls one level a step from its onset on.</summary>
    public bool IsStaircase => Enumerable.Range(0, Length).All(i => Enumerable.Range(0, Steps + 1).All(step => LevelAt(step, i) == Math.Clamp(SettledAfter(i) - step, 0, Depth)));

    /// <inheritdoc/>
    public override Hyperschedule WithPrefix(int count) => count == 0 ? this : new Tabulated($"{Name}-after-{count}", prefix + Require.Positive(count), rows);

    /// <inheritdoc/>
    public override int LevelAt(int step, int position) => position < prefix ? 0 : rows[Math.Min(step, Steps)][position - prefix];

    /// <inheritdoc/>
    /// <remarks>One step, and all positions that are active in it.</remarks>
    public override Snapshot Draw(double level, Func<int, double> own, bool continuous)
    {
        if (continuous)
            throw new ArgumentException($"{Name} is a table of levels, and has no continuous limit", nameof(continuous));
        int step = Math.Min(Steps - 1, (int)(level * Steps));
        var positions = Enumerable.Range(0, Length);
        return new Snapshot(
            [.. positions.Select(i => RegionAt(step, i) == Region.Active ? step : -1)],
            [.. positions.Select(i => TimeAt(step, i))],
            [.. positions.Select(i => TimeAt(step + 1, i))],
            Steps);
    }

    // By position, the rows at a level or above it: as levels never rise, these come first.
    private static IEnumerable<int> Rows(ImmutableArray<ImmutableArray<int>> rows, int atLeast) =>
        Enumerable.Range(0, rows[0].Length).Select(i => rows.Count(row => row[i] >= atLeast));
}
