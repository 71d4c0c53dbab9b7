using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Hyperschedules;

/// <summary>Noise level τ(step, i) of position i after a number of generation steps: <see cref="Depth"/> is pure noise, 0 is settled.</summary>
/// <remarks>
/// HDLM, arXiv 2504.06416, section on hyperschedules. One formula for all: a position waits at full noise until its onset, then falls one level
/// a step. Level k is noise time k / depth.
/// </remarks>
public sealed class Hyperschedule
{
    private readonly ImmutableArray<int> onsets;

    private Hyperschedule(string name, int depth, ImmutableArray<int> onsets)
    {
        Name = name;
        Depth = Require.Positive(depth);
        this.onsets = onsets;
        Steps = onsets.Max() + depth;
    }

    /// <summary>The schedule's name in definitions and tables.</summary>
    public string Name { get; }

    /// <summary>Levels between pure noise and settled: K in the paper.</summary>
    public int Depth { get; }

    /// <summary>Positions.</summary>
    public int Length => onsets.Length;

    /// <summary>Network calls until every position is settled.</summary>
    public int Steps { get; }

    /// <summary>Blocks of <paramref name="width"/> positions, one after the other.</summary>
    public static Hyperschedule Block(int length, int width, int depth) => Blocks($"block-{width}x{depth}", length, width, depth);

    /// <summary>All positions denoise together: SEDD and MDLM.</summary>
    public static Hyperschedule Flat(int length, int depth) => Blocks($"flat-{depth}", length, width: length, depth);

    /// <summary>One position per step, from noise to settled at once: GPT.</summary>
    public static Hyperschedule Autoregressive(int length) => Blocks("autoregressive", length, width: 1, depth: 1);

    /// <summary>The level of a position after <paramref name="step"/> steps: full noise until its onset, then one level less per step, then settled.</summary>
    public int LevelAt(int step, int position) => Math.Clamp(onsets[position] + Depth - step, 0, Depth);

    /// <summary>The noise time in [0, 1] of a position after <paramref name="step"/> steps.</summary>
    public double TimeAt(int step, int position) => (double)LevelAt(step, position) / Depth;

    /// <summary>What a position is to the network call that leads from <paramref name="step"/> to <paramref name="step"/> + 1.</summary>
    public Region RegionAt(int step, int position) => (LevelAt(step, position), LevelAt(step + 1, position)) switch
    {
        (0, _) => Region.Settled,
        var (now, next) when now == next => Region.Worthless,
        _ => Region.Active,
    };

    private static Hyperschedule Blocks(string name, int length, int width, int depth)
    {
        Require.Positive(width);
        return new(name, depth, [.. Enumerable.Range(0, Require.Positive(length)).Select(i => i / width * depth)]);
    }
}
