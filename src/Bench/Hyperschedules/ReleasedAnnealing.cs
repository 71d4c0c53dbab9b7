using Bench.Numerics;
using System.Collections.Immutable;

namespace Bench.Hyperschedules;

/// <summary>Levels of a window that is filled once, and then repeats a few rows while it moves right.</summary>
public sealed class ReleasedAnnealing : IReleasedSchedule
{
    private readonly string name;

    private ReleasedAnnealing(string name, ImmutableArray<ImmutableArray<int>> filling, ImmutableArray<ImmutableArray<int>> looped)
    {
        (this.name, Filling, Looped) = (name, filling, looped);
        var shifts = ImmutableArray.CreateBuilder<int>();
        shifts.Add(0);
        foreach (var row in looped)
            shifts.Add(shifts[^1] + row.TakeWhile(level => level == 0).Count());
        Shifts = shifts.ToImmutable();
    }

    /// <summary>Rows of the steps that fill the window.</summary>
    public ImmutableArray<ImmutableArray<int>> Filling { get; }

    /// <summary>Rows that repeat.</summary>
    public ImmutableArray<ImmutableArray<int>> Looped { get; }

    /// <summary>Positions settled before each looped row, and after all of them: each row's leading zeros are settled by the next one.</summary>
    public ImmutableArray<int> Shifts { get; }

    /// <summary>Positions of the window.</summary>
    public int Width => Looped[0].Length;

    /// <summary>Positions in front that are settled from the start: a prompt.</summary>
    public int Padding { get; private init; }

    /// <inheritdoc/>
    public int Worthless => Looped.Max(row => row.Max()) + 1;

    /// <summary>Levels from 0 to K − 1 spread over the window, rounded half to even, moving right by as many positions as are at level 0.</summary>
    /// <param name="width">ω.</param>
    /// <param name="depth">K.</param>
    public static ReleasedAnnealing Slide(int width, int depth)
    {
        Require.Positive(depth);
        if (Require.Positive(width) == 1 && depth > 1)
            throw new ArgumentException($"a window of one position has no place for {depth} levels; use depth 1", nameof(depth));
        ImmutableArray<int> main = width == 1 ? [0] : [.. Enumerable.Range(0, width).Select(i => (int)Math.Round(i * (depth - 1) / (double)(width - 1)))];
        return new($"slide-{width}x{depth}", [.. Enumerable.Range(1, width - 1).Select(count => main[^count..])], [main]);
    }

    /// <summary>A window whose positions share their level, from K − 1 to 0.</summary>
    /// <param name="width">ω.</param>
    /// <param name="depth">K.</param>
    public static ReleasedAnnealing Block(int width, int depth)
    {
        Require.Positive(width);
        ImmutableArray<ImmutableArray<int>> falling = [.. Enumerable.Range(1, Require.Positive(depth) - 1).Select(k => Enumerable.Repeat(depth - k, width).ToImmutableArray())];
        return new($"block-{width}x{depth}", falling, [[.. new int[width]], .. falling]);
    }

    /// <summary>Rows that <see cref="Slide"/> takes on so many positions, before any is made: never too few.</summary>
    public static long RowsOfSlide(int length, int width, int depth)
    {
        int settled = depth == 1 ? width : ((width - 1) / (2 * (depth - 1))) + 1; // in a step: those whose level rounds to 0
        return width + ((length + settled - 1L) / settled);
    }

    /// <summary>Rows that <see cref="Block"/> takes on so many positions.</summary>
    public static long RowsOfBlock(int length, int width, int depth) => (depth * ((length + width - 1L) / width)) + 1;

    /// <summary>The same, behind a prompt.</summary>
    public ReleasedAnnealing After(int padding) => new(name, Filling, Looped) { Padding = Require.NonNegative(padding) };

    /// <summary>The row of the window at a step; none before the first.</summary>
    public ImmutableArray<int> WindowAt(int step) => step switch
    {
        <= 0 => [],
        _ when step <= Filling.Length => Filling[step - 1],
        _ => Looped[(step - 1 - Filling.Length) % Looped.Length],
    };

    /// <inheritdoc/>
    public int SettledAt(int step)
    {
        if (step <= Filling.Length)
            return Padding;
        var (cycle, phase) = Math.DivRem(step - 1 - Filling.Length, Looped.Length);
        return Padding + Shifts[phase] + (cycle * Shifts[^1]);
    }

    /// <inheritdoc/>
    public ImmutableArray<int> LevelsAt(int step, int length) =>
        [.. Enumerable.Repeat(0, SettledAt(step)).Concat(WindowAt(step)).Concat(Enumerable.Repeat(Worthless, length)).Take(length)];

    /// <inheritdoc/>
    public int EndOf(int length)
    {
        int step = 1;
        while (LevelsAt(step, length).Any(level => level > 0))
            step++;
        return step + 1;
    }

    /// <inheritdoc/>
    public override string ToString() => name;
}
