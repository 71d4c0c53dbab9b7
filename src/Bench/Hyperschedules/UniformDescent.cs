using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Hyperschedules;

/// <summary>One level less per step from a position's onset on, without pause: every named hyperschedule.</summary>
internal sealed class UniformDescent : Hyperschedule
{
    private readonly int prefix;
    // positions of one clock are drawn at one step, or at steps that are active together; −1 in the prefix
    private readonly ImmutableArray<int> clocks;

    public UniformDescent(string name, int depth, int prefix, ImmutableArray<int> onsets, bool mixed)
        : base(name, depth, [.. new int[Require.NonNegative(prefix)], .. onsets],
            [.. new int[prefix], .. onsets.Select(onset => onset + depth)])
    {
        (this.prefix, IsMixed) = (prefix, mixed);
        clocks = [.. Enumerable.Repeat(-1, prefix), .. Clocks(onsets, depth)];
        HasContinuousLimit = !mixed && clocks.Where(clock => clock >= 0).Distinct().Count() == onsets.Distinct().Count();
    }

    /// <inheritdoc/>
    public override bool HasContinuousLimit { get; }

    /// <inheritdoc/>
    public override bool IsMixed { get; }

    /// <inheritdoc/>
    public override Hyperschedule WithPrefix(int count) =>
        count == 0
            ? this
            : new UniformDescent($"{Name}-after-{count}", Depth, prefix + Require.Positive(count),
                [.. Enumerable.Range(prefix, Length - prefix).Select(OnsetOf)], IsMixed);

    /// <inheritdoc/>
    public override int LevelAt(int step, int position) => Math.Clamp(SettledAfter(position) - step, 0, Depth);

    /// <inheritdoc/>
    /// <remarks>
    /// Of any K successive steps a position's own are a complete set of remainders modulo K. So the steps that leave one remainder look at
    /// each position exactly once, and in each of them at all positions that are active together; positions that are never active together
    /// may have remainders of their own. Those are spread evenly around the level.
    /// </remarks>
    public override LevelDraw Draw(double level, Func<int, double> own, bool continuous)
    {
        if (continuous && !HasContinuousLimit && !IsMixed)
            throw new ArgumentException($"{Name} has positions at several levels in one step, and no continuous limit", nameof(continuous));
        int count = clocks.Max() + 1;
        var (steps, times, next) = (new int[Length], new double[Length], new double[Length]);
        Array.Fill(steps, -1, 0, prefix);
        for (int i = prefix; i < Length; i++)
        {
            double place = IsMixed ? own(i) : (level + ((double)clocks[i] / count)) % 1;
            if (continuous)
            {
                (steps[i], times[i]) = (OnsetOf(i), place);
                continue;
            }

            // The one step in [onset, onset + K) that is congruent to the clock's phase.
            int phase = Math.Min(Depth - 1, (int)(place * Depth));
            steps[i] = OnsetOf(i) + Modulo(phase - OnsetOf(i), Depth);
            (times[i], next[i]) = (TimeAt(steps[i], i), TimeAt(steps[i] + 1, i));
        }

        return new LevelDraw([.. steps], [.. times], continuous ? null : [.. next], continuous ? 1 : Depth);
    }

    // Two positions share a clock when they are active together, or are both active together with positions in between.
    private static IEnumerable<int> Clocks(ImmutableArray<int> onsets, int depth)
    {
        var clockOf = new Dictionary<int, int>();
        int clock = 0, last = onsets.Min();
        foreach (int onset in onsets.Distinct().Order())
        {
            clock += onset - last >= depth ? 1 : 0;
            (clockOf[onset], last) = (clock, onset);
        }

        return onsets.Select(onset => clockOf[onset]);
    }

    private static int Modulo(int a, int n) => ((a % n) + n) % n;
}
