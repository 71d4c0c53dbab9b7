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
    private readonly ImmutableArray<int> clocks; // positions of one clock are drawn at one level

    private Hyperschedule(string name, int depth, ImmutableArray<int> onsets, ImmutableArray<int> clocks)
    {
        Name = name;
        Depth = Require.Positive(depth);
        this.onsets = onsets;
        this.clocks = clocks;
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

    /// <summary>Whether positions that are active together share their level, so that steps may become infinitely short: flat and block.</summary>
    public bool HasContinuousLimit => clocks.Distinct().Count() == onsets.Distinct().Count();

    /// <summary>Whether a position can be active beside one at another level that has a draw of its own: Diffusion Forcing.</summary>
    public bool IsMixed => clocks.Distinct().Count() > onsets.Distinct().Count();

    /// <summary>Whether some position is settled while another is still noise, so that noisy tokens have clean ones to attend to.</summary>
    public bool NeedsContext => onsets.Distinct().Count() > 1;

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

    /// <summary>Whether the first position settles no later than the second.</summary>
    public bool SettlesNoLater(int position, int than) => onsets[position] <= onsets[than];

    /// <summary>
    /// Puts every position at one of the steps in which it is active. Of any K successive steps each position is active in all that are its own, so
    /// the steps that leave the same remainder after division by K look at each position once; positions that are never active together may have remainders of their own.
    /// </summary>
    /// <param name="level">Uniform in (0, 1): where in the noise range. Blocks with clocks of their own are spread evenly around it.</param>
    /// <param name="own">Uniform numbers in (0, 1), by position, for positions whose levels are independent.</param>
    /// <param name="continuous">Whether steps are infinitely short.</param>
    public Snapshot Draw(double level, Func<int, double> own, bool continuous)
    {
        if (continuous && !HasContinuousLimit && !IsMixed)
            throw new ArgumentException($"{Name} has positions at several levels in one step, and no continuous limit", nameof(continuous));
        int count = clocks.Max() + 1;
        var (steps, times, next) = (new int[Length], new double[Length], new double[Length]);
        for (int i = 0; i < Length; i++)
        {
            double place = IsMixed ? own(i) : (level + ((double)clocks[i] / count)) % 1;
            if (continuous)
            {
                (steps[i], times[i]) = (onsets[i], place);
                continue;
            }

            // The one step in [onset, onset + K) that is congruent to the clock's phase.
            int phase = Math.Min(Depth - 1, (int)(place * Depth));
            steps[i] = onsets[i] + Modulo(phase - onsets[i], Depth);
            (times[i], next[i]) = (TimeAt(steps[i], i), TimeAt(steps[i] + 1, i));
        }

        return new Snapshot([.. steps], [.. times], continuous ? null : [.. next], continuous ? 1 : Depth);
    }

    private static int Modulo(int a, int n) => ((a % n) + n) % n;

    private static Hyperschedule Blocks(string name, int length, int width, int depth)
    {
        Require.Positive(width);
        ImmutableArray<int> blocks = [.. Enumerable.Range(0, Require.Positive(length)).Select(i => i / width)];
        return new(name, depth, [.. blocks.Select(block => block * depth)], blocks);
    }
}
