using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Hyperschedules;

/// <summary>
/// A hyperschedule as the authors' code counts it (HDLM, arXiv 2504.06416): steps from 1, levels as they are <em>after</em> a step, settled
/// positions counted by its tables.
/// </summary>
/// <remarks>
/// For faithful comparison. It differs from <see cref="Hyperschedule"/>: a level of 0 is called active until it is counted as settled,
/// slides whose width is not their depth fall by several levels at once and take more steps, and block-slides pause at the last level but
/// one.
/// </remarks>
public interface IReleasedSchedule
{
    /// <summary>K: the level of a position that is nothing but noise.</summary>
    int Worthless { get; }

    /// <summary>Positions at the front that a step takes for settled.</summary>
    int SettledAt(int step);

    /// <summary>The level of each position after a step; before the first one, at step 0, all are worthless.</summary>
    ImmutableArray<int> LevelsAt(int step, int length);

    /// <summary>The first step that is not needed any more; training draws from the ones before it.</summary>
    int EndOf(int length);

    /// <summary>The same levels as a hyperschedule of this suite: a table of <see cref="EndOf"/> rows.</summary>
    Hyperschedule Tabulate(int length) => Hyperschedule.FromTable(
        [.. Enumerable.Range(0, EndOf(length)).Select(step => (IReadOnlyList<int>)LevelsAt(step, length))], $"released-{this}");
}

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

    /// <summary>
    /// Positions settled before each looped row, and after all of them: each row's leading zeros are settled by the next one.
    /// </summary>
    public ImmutableArray<int> Shifts { get; }

    /// <summary>Positions of the window.</summary>
    public int Width => Looped[0].Length;

    /// <summary>Positions in front that are settled from the start: a prompt.</summary>
    public int Padding { get; private init; }

    /// <inheritdoc/>
    public int Worthless => Looped.Max(row => row.Max()) + 1;

    /// <summary>
    /// Levels from 0 to K − 1 spread over the window, rounded half to even, moving right by as many positions as are at level 0.
    /// </summary>
    /// <param name="width">ω.</param>
    /// <param name="depth">K.</param>
    public static ReleasedAnnealing Slide(int width, int depth)
    {
        Require.Positive(depth);
        if (Require.Positive(width) == 1 && depth > 1)
            throw new ArgumentException($"a window of one position has no place for {depth} levels; use depth 1", nameof(depth));
        ImmutableArray<int> main = width == 1 ? [0]
            : [.. Enumerable.Range(0, width).Select(i => (int)Math.Round(i * (depth - 1) / (double)(width - 1)))];
        return new($"slide-{width}x{depth}", [.. Enumerable.Range(1, width - 1).Select(count => main[^count..])], [main]);
    }

    /// <summary>A window whose positions share their level, from K − 1 to 0.</summary>
    /// <param name="width">ω.</param>
    /// <param name="depth">K.</param>
    public static ReleasedAnnealing Block(int width, int depth)
    {
        Require.Positive(width);
        ImmutableArray<ImmutableArray<int>> falling =
            [.. Enumerable.Range(1, Require.Positive(depth) - 1).Select(k => Enumerable.Repeat(depth - k, width).ToImmutableArray())];
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

/// <summary>
/// The authors' hybrid of block and slide: a block leaves pure noise as a whole, then a front moves through it from left to right.
/// </summary>
/// <param name="Width">ω, at most L.</param>
/// <param name="Depth">K.</param>
/// <param name="Length">L: the table is made for one length.</param>
public sealed record ReleasedBlockSlide(int Width, int Depth, int Length) : IReleasedSchedule
{
    /// <inheritdoc cref="ReleasedBlockSlide" path="/param[@name='Width']"/>
    public int Width { get; } = Math.Min(Require.Positive(Width), Length);

    /// <inheritdoc cref="ReleasedBlockSlide" path="/param[@name='Depth']"/>
    public int Depth { get; } = Require.Positive(Depth);

    /// <inheritdoc cref="ReleasedBlockSlide" path="/param[@name='Length']"/>
    public int Length { get; } = Require.Positive(Length);

    /// <inheritdoc/>
    public int Worthless => Depth;

    /// <summary>Rows that it takes on so many positions, before any is made.</summary>
    public static long Rows(int length, int width, int depth) =>
        ((depth + (long)Math.Min(width, length) - 1) * ((length + Math.Min(width, length) - 1) / Math.Min(width, length))) + 1;

    /// <summary>Steps that a block takes, a short last one too.</summary>
    public int StepsPerBlock => Depth + Width - 1;

    /// <summary>Blocks, the last of which may be short.</summary>
    public int Blocks => (Length + Width - 1) / Width;

    /// <inheritdoc/>
    /// <remarks>A block counts from the step after its last one on, and the last block never does.</remarks>
    public int SettledAt(int step) => Width * Math.Clamp((step - 1) / StepsPerBlock, 0, Blocks - 1);

    /// <inheritdoc/>
    public ImmutableArray<int> LevelsAt(int step, int length)
    {
        return [.. Enumerable.Range(0, Require.Length(length, Length)).Select(Level)];

        int Level(int position)
        {
            var (block, place) = Math.DivRem(position, Width);
            int since = step - 1 - (block * StepsPerBlock);
            return since < 0 ? Depth : Math.Max(0, Depth - 1 - Math.Max(0, since - place));
        }
    }

    /// <inheritdoc/>
    public int EndOf(int length) => (StepsPerBlock * Blocks) + 1;

    /// <inheritdoc/>
    public override string ToString() => $"block-slide-{Width}x{Depth}";
}
