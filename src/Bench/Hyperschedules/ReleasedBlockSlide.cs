using Bench.Numerics;
using System.Collections.Immutable;

namespace Bench.Hyperschedules;

/// <summary>The authors' hybrid of block and slide: a block leaves pure noise as a whole, then a front moves through it from left to right.</summary>
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
    public static long Rows(int length, int width, int depth) => ((depth + (long)Math.Min(width, length) - 1) * ((length + Math.Min(width, length) - 1) / Math.Min(width, length))) + 1;

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
