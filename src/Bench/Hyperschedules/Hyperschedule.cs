using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Hyperschedules;

/// <summary>
/// Noise level τ(step, i) of position i after a number of generation steps: <see cref="Depth"/> is pure noise, 0 is settled.
/// </summary>
/// <remarks>
/// HDLM, arXiv 2504.06416, section on hyperschedules. A position waits at full noise until its onset, then its level falls until it is
/// settled. Level k is noise time k / depth, and a step takes each position from its own level to its own next one.
/// </remarks>
public abstract class Hyperschedule
{
    private readonly ImmutableArray<int> onsets;
    private readonly ImmutableArray<int> settled;

    private protected Hyperschedule(string name, int depth, ImmutableArray<int> onsets, ImmutableArray<int> settled)
    {
        (Name, Depth, this.onsets, this.settled) = (name, Require.Positive(depth), onsets, settled);
        Steps = settled.Max();
        NeedsContext = settled.Distinct().Count() > 1;
    }

    /// <summary>The schedule's name in definitions and tables.</summary>
    public string Name { get; }

    /// <summary>Levels between pure noise and settled: K in the paper.</summary>
    public int Depth { get; }

    /// <summary>Positions.</summary>
    public int Length => onsets.Length;

    /// <summary>Network calls until every position is settled.</summary>
    public int Steps { get; }

    /// <summary>Whether some position is settled while another is still noise, so that noisy tokens have clean ones to attend to.</summary>
    public bool NeedsContext { get; }

    /// <summary>
    /// Whether positions that are active together share their level, so that steps may become infinitely short: flat and block.
    /// </summary>
    public abstract bool HasContinuousLimit { get; }

    /// <summary>
    /// Whether positions that are active together are drawn at levels of their own (Diffusion Forcing): an objective for training, and no
    /// bound on −ln p.
    /// </summary>
    public abstract bool IsMixed { get; }

    /// <summary>
    /// The one formula: groups of g positions, each s steps behind the one before, level(step, i) = clamp(K + s·⌊i/g⌋ − step, 0, K). With s
    /// &gt; 1 below K, a slide that settles fewer than one position a step.
    /// </summary>
    /// <param name="length">L.</param>
    /// <param name="group">g.</param>
    /// <param name="stagger">s, at most K: a group starts no later than the one before is settled.</param>
    /// <param name="depth">K.</param>
    /// <exception cref="ArgumentException">It takes more steps than an <see cref="int"/> counts.</exception>
    public static Hyperschedule Ramp(int length, int group, int stagger, int depth) =>
        Groups($"ramp-{group}-every-{stagger}x{depth}", length, group, stagger, depth);

    /// <summary>Blocks of <paramref name="width"/> positions, one after the other.</summary>
    public static Hyperschedule Block(int length, int width, int depth) => Groups($"block-{width}x{depth}", length, width, depth, depth);

    /// <summary>All positions denoise together: SEDD and MDLM.</summary>
    public static Hyperschedule Flat(int length, int depth) => Groups($"flat-{depth}", length, length, depth, depth);

    /// <summary>One position per step, from noise to settled at once: GPT.</summary>
    public static Hyperschedule Autoregressive(int length) => Groups("autoregressive", length, group: 1, stagger: 1, depth: 1);

    /// <summary>
    /// A window that moves right by <paramref name="rate"/> positions a step, each such group one level noisier than the one to its left: K
    /// = ω/ρ.
    /// </summary>
    /// <param name="length">L.</param>
    /// <param name="width">ω: positions in the window.</param>
    /// <param name="rate">ρ: positions that settle in a step.</param>
    /// <exception cref="ArgumentException">The rate does not divide the width.</exception>
    public static Hyperschedule Slide(int length, int width, int rate)
    {
        if (Require.Positive(width) % Require.Positive(rate) != 0)
        {
            var rates = Enumerable.Range(1, width).Where(divisor => width % divisor == 0);
            throw new ArgumentException(
                $"rate is {rate}, but the number of levels is width / rate and {rate} does not divide {width}; use one of " +
                    $"{string.Join(", ", rates)}", nameof(rate));
        }

        return Groups($"slide-{width}-rate-{rate}", length, rate, stagger: 1, width / rate);
    }

    /// <summary>
    /// Blocks of <paramref name="width"/> positions, strictly one after the other, each denoised by a front that moves right by one
    /// position a step: K + ω − 1 steps a block.
    /// </summary>
    /// <remarks>The authors' table lets a whole block leave pure noise at once; that one is <see cref="ReleasedBlockSlide"/>.</remarks>
    public static Hyperschedule BlockSlide(int length, int width, int depth)
    {
        long steps = (long)Require.Positive(depth) + Require.Positive(width) - 1;
        string name = $"block-slide-{width}x{depth}";
        return new UniformDescent(
            name, depth, prefix: 0, Onsets(name, length, depth, i => (i / width * steps) + (i % width)), mixed: false);
    }

    /// <summary>
    /// Every position at a level of its own: Diffusion Forcing (arXiv 2407.01392). Generates as <see cref="Flat"/> does; a network trained
    /// so can generate along any hyperschedule.
    /// </summary>
    public static Hyperschedule Independent(int length, int depth) =>
        new UniformDescent($"independent-{depth}", depth, prefix: 0, [.. new int[Require.Positive(length)]], mixed: true);

    /// <summary>
    /// Levels written out, step by position, from pure noise in the first row to settled in the last. A row that repeats the one before is
    /// left out: nothing happens in it. A table that is a uniform descent (one level a step, without pause) becomes one.
    /// </summary>
    /// <param name="levels">[steps + 1][L].</param>
    /// <param name="name">The schedule's name.</param>
    /// <exception cref="ArgumentException">The table breaks rules: all of them are named.</exception>
    public static Hyperschedule FromTable(IReadOnlyList<IReadOnlyList<int>> levels, string name = "table")
    {
        var problems = LevelTable.Problems(levels, (step, position) => $"step {step}, position {position}").ToArray();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems.AsEnumerable()), nameof(levels));
        var table = new Tabulated(name, prefix: 0, levels);
        return table.IsUniformDescent ? new UniformDescent(name, table.Depth, prefix: 0, table.onsets, mixed: false) : table;
    }

    /// <summary>The same schedule behind a prompt: <paramref name="count"/> more positions in front, settled from the start.</summary>
    public abstract Hyperschedule WithPrefix(int count);

    /// <summary>The level of a position after <paramref name="step"/> steps.</summary>
    public abstract int LevelAt(int step, int position);

    /// <summary>The noise time in [0, 1] of a position after <paramref name="step"/> steps.</summary>
    public double TimeAt(int step, int position) => (double)LevelAt(step, position) / Depth;

    /// <summary>The step that first lowers a position's level; 0 for a position of a prefix, too.</summary>
    public int OnsetOf(int position) => onsets[position];

    /// <summary>How many steps are taken until a position is settled; 0 for a position of a prefix.</summary>
    public int SettledAfter(int position) => settled[position];

    /// <summary>What a position is to the network call that leads from <paramref name="step"/> to <paramref name="step"/> + 1.</summary>
    public Region RegionAt(int step, int position)
    {
        if (step >= settled[position])
            return Region.Settled;
        return step < onsets[position] ? Region.Worthless : Region.Active;
    }

    /// <summary>
    /// How many positions, from the first on, carry information in the network call of a step: behind them all are worthless. All, where
    /// there is no context.
    /// </summary>
    public int WindowAt(int step)
    {
        int window = Length;
        while (NeedsContext && window > 0 && RegionAt(step, window - 1) == Region.Worthless)
            window--;
        return window;
    }

    /// <summary>Whether the first position settles no later than the second.</summary>
    public bool SettlesNoLater(int position, int than) => settled[position] <= settled[than];

    /// <summary>Puts positions at steps in which they are active, so that the expectation over draws is the sum over all steps.</summary>
    /// <param name="level">Uniform in (0, 1): where in the noise range.</param>
    /// <param name="own">Uniform numbers in (0, 1), by position, for positions whose levels are independent.</param>
    /// <param name="continuous">Whether steps are infinitely short.</param>
    /// <exception cref="ArgumentException">Infinitely short steps where there is no continuous limit.</exception>
    public abstract LevelDraw Draw(double level, Func<int, double> own, bool continuous);

    private static UniformDescent Groups(string name, int length, int group, int stagger, int depth)
    {
        Require.Within(stagger, 1, Require.Positive(depth));
        Require.Positive(group);
        return new UniformDescent(name, depth, prefix: 0, Onsets(name, length, depth, i => (long)stagger * (i / group)), mixed: false);
    }

    // The last position begins last. No run needs more steps than 32 bits count.
    private static ImmutableArray<int> Onsets(string name, int length, int depth, Func<int, long> onset)
    {
        long steps = onset(Require.Positive(length) - 1) + depth;
        return steps <= int.MaxValue
            ? [.. Enumerable.Range(0, length).Select(i => (int)onset(i))]
            : throw new ArgumentException(
                $"{name} takes {steps} steps on {length} positions, but {int.MaxValue} are the most; use fewer levels, wider groups or " +
                    "shorter sequences", nameof(onset));
    }
}

/// <summary>Levels written out: a position may fall several levels in a step, or pause half denoised.</summary>
internal sealed class Tabulated : Hyperschedule
{
    private readonly int prefix;
    private readonly ImmutableArray<ImmutableArray<int>> rows; // without the prefix, and without rows that repeat the one before

    public Tabulated(string name, int prefix, IReadOnlyList<IReadOnlyList<int>> levels)
        : this(name, prefix,
            [.. levels.Where((row, step) => step == 0 || !row.SequenceEqual(levels[step - 1])).Select(row => row.ToImmutableArray())])
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
    public bool IsUniformDescent => Enumerable.Range(0, Length)
        .All(i => Enumerable.Range(0, Steps + 1).All(step => LevelAt(step, i) == Math.Clamp(SettledAfter(i) - step, 0, Depth)));

    /// <inheritdoc/>
    public override Hyperschedule WithPrefix(int count) =>
        count == 0 ? this : new Tabulated($"{Name}-after-{count}", prefix + Require.Positive(count), rows);

    /// <inheritdoc/>
    public override int LevelAt(int step, int position) => position < prefix ? 0 : rows[Math.Min(step, Steps)][position - prefix];

    /// <inheritdoc/>
    /// <remarks>One step, and all positions that are active in it.</remarks>
    public override LevelDraw Draw(double level, Func<int, double> own, bool continuous)
    {
        if (continuous)
            throw new ArgumentException($"{Name} is a table of levels, and has no continuous limit", nameof(continuous));
        int step = Math.Min(Steps - 1, (int)(level * Steps));
        var positions = Enumerable.Range(0, Length);
        return new LevelDraw(
            [.. positions.Select(i => RegionAt(step, i) == Region.Active ? step : -1)],
            [.. positions.Select(i => TimeAt(step, i))],
            [.. positions.Select(i => TimeAt(step + 1, i))],
            Steps);
    }

    // By position, the rows at a level or above it: as levels never rise, these come first.
    private static IEnumerable<int> Rows(ImmutableArray<ImmutableArray<int>> rows, int atLeast) =>
        Enumerable.Range(0, rows[0].Length).Select(i => rows.Count(row => row[i] >= atLeast));
}

/// <summary>What a position is to one network call (HDLM, arXiv 2504.06416).</summary>
public enum Region
{
    /// <summary>Final: context only, its keys and values may be cached.</summary>
    Settled,

    /// <summary>Between pure noise and settled: updated by this call, or, in a table with pauses, waiting half denoised.</summary>
    Active,

    /// <summary>Still pure noise and not updated now: it carries no information and no other query may attend to it.</summary>
    Worthless,
}

/// <summary>
/// One draw of a bound along a hyperschedule: at which step each position is looked at, so that a single pass over the network serves them
/// all.
/// </summary>
/// <param name="Steps">The step of each position, at which it is active; −1 where it is not looked at.</param>
/// <param name="Times">Noise time of each position at its step, in (0, 1]; of one that is not looked at, at the draw's step, 0 if
/// settled.</param>
/// <param name="Next">Noise time after that step; null where the steps are infinitely short.</param>
/// <param name="Weight">What a position counts, so that the expectation over draws is the sum over all steps: how many steps one draw
/// stands for.</param>
public sealed record LevelDraw(ImmutableArray<int> Steps, ImmutableArray<double> Times, ImmutableArray<double>? Next, double Weight);

/// <summary>
/// What it costs to generate along a hyperschedule, with the keys and values of settled tokens cached (HDLM, arXiv 2504.06416).
/// </summary>
/// <param name="Calls">Network calls: T.</param>
/// <param name="Active">ω: positions that a call is asked for, on average.</param>
/// <param name="Settled">ρ: positions that a call settles, on average.</param>
public sealed record Cost(int Calls, double Active, double Settled)
{
    /// <summary>ω/ρ: how often a position is fed until it is settled. K for every hyperschedule whose positions never pause.</summary>
    public double PerToken => Active / Settled;

    /// <summary>Counts the regions of a hyperschedule.</summary>
    public static Cost Of(Hyperschedule hyperschedule)
    {
        long fed = 0, settled = 0;
        for (int i = 0; i < hyperschedule.Length; i++)
        {
            fed += hyperschedule.SettledAfter(i) - hyperschedule.OnsetOf(i);
            settled += hyperschedule.SettledAfter(i) > 0 ? 1 : 0;
        }

        return new(hyperschedule.Steps, (double)fed / hyperschedule.Steps, (double)settled / hyperschedule.Steps);
    }
}
