
using System.Collections.Immutable;
using Bench.Hyperschedules;

namespace Bench.Methods;

/// <summary>A hyperschedule before it is known on how many positions: which of the named ones, with its parameters.</summary>
/// <remarks>A block or a window is never wider than the sequence.</remarks>
public sealed class HyperscheduleChoice
{
    private readonly Func<int, int, Hyperschedule> make;
    private readonly ImmutableArray<KeyValuePair<string, int>> parameters;

    private HyperscheduleChoice(string kind, Func<int, int, Hyperschedule> make, params ReadOnlySpan<(string Name, int? Value)> parameters)
    {
        (Kind, this.make) = (kind, make);
        var known = ImmutableArray.CreateBuilder<KeyValuePair<string, int>>();
        foreach (var (name, value) in parameters)
        {
            if (value is { } number)
                known.Add(new(name, number));
        }

        this.parameters = known.ToImmutable();
    }

    /// <summary>The name of the choice in definitions.</summary>
    public string Kind { get; }

    /// <summary>Positions that are denoised together, where the choice says so.</summary>
    public int? Width =>
        parameters.Where(parameter => parameter.Key == "width").Select(parameter => (int?)parameter.Value).FirstOrDefault();

    /// <summary>Levels written out; of use on sequences of that length alone.</summary>
    public ImmutableArray<ImmutableArray<int>> Levels { get; private init; } = [];

    /// <summary><see cref="Hyperschedule.Flat"/>; without a depth in as many steps as are asked for.</summary>
    public static HyperscheduleChoice Flat(int? depth = null) =>
        new("flat", (length, steps) => Hyperschedule.Flat(length, depth ?? steps), ("depth", depth));

    /// <summary><see cref="Hyperschedule.Autoregressive"/>.</summary>
    public static HyperscheduleChoice Autoregressive() => new("autoregressive", (length, _) => Hyperschedule.Autoregressive(length));

    /// <summary><see cref="Hyperschedule.Independent"/>; without a depth in as many steps as are asked for.</summary>
    public static HyperscheduleChoice Independent(int? depth = null) =>
        new("independent", (length, steps) => Hyperschedule.Independent(length, depth ?? steps), ("depth", depth));

    /// <summary>
    /// <see cref="Hyperschedule.Block"/>; without a depth, with the one that makes about as many steps as are asked for: a block of w
    /// positions takes K.
    /// </summary>
    public static HyperscheduleChoice Block(int width, int? depth = null) => new(
        "block",
        (length, steps) =>
            Hyperschedule.Block(length, Math.Min(width, length), depth ?? (int)Math.Max(1, (long)Math.Min(width, length) * steps / length)),
        ("width", width), ("depth", depth));

    /// <summary>
    /// <see cref="Hyperschedule.Slide"/>. Its steps are part of its model: it is trained, measured and sampled along the same ones.
    /// </summary>
    public static HyperscheduleChoice Slide(int width, int rate) =>
        new("slide", (length, _) => Hyperschedule.Slide(length, Math.Min(width, length), rate), ("width", width), ("rate", rate));

    /// <summary><see cref="Hyperschedule.BlockSlide"/>; without a depth, as deep as wide.</summary>
    public static HyperscheduleChoice BlockSlide(int width, int? depth = null) => new(
        "block-slide", (length, _) => Hyperschedule.BlockSlide(length, Math.Min(width, length), depth ?? Math.Min(width, length)),
        ("width", width), ("depth", depth));

    /// <summary><see cref="Hyperschedule.Ramp"/>.</summary>
    public static HyperscheduleChoice Ramp(int group, int stagger, int depth) =>
        new("ramp", (length, _) => Hyperschedule.Ramp(length, group, stagger, depth), ("group", group), ("stagger", stagger),
            ("depth", depth));

    /// <summary><see cref="Hyperschedule.FromTable"/>.</summary>
    public static HyperscheduleChoice Table(ImmutableArray<ImmutableArray<int>> levels) =>
        new("table", Remembered(length => Tabulate(levels, length))) { Levels = levels };

    /// <summary>The authors' sliding window, by its table (<see cref="ReleasedAnnealing.Slide"/>).</summary>
    public static HyperscheduleChoice ReleasedSlide(int width, int depth) => Released(
        "released-slide", width, depth, length => ReleasedAnnealing.RowsOfSlide(length, width, depth),
        _ => ReleasedAnnealing.Slide(width, depth));

    /// <summary>The authors' blocks, by their table (<see cref="ReleasedAnnealing.Block"/>).</summary>
    public static HyperscheduleChoice ReleasedBlock(int width, int depth) => Released(
        "released-block", width, depth, length => ReleasedAnnealing.RowsOfBlock(length, width, depth),
        _ => ReleasedAnnealing.Block(width, depth));

    /// <summary>The authors' block-slide, by its table (<see cref="Hyperschedules.ReleasedBlockSlide"/>).</summary>
    public static HyperscheduleChoice ReleasedBlockSlide(int width, int depth) => Released(
        "released-block-slide", width, depth, length => Hyperschedules.ReleasedBlockSlide.Rows(length, width, depth),
        length => new ReleasedBlockSlide(width, depth, length));

    /// <summary>The hyperschedule of a length.</summary>
    /// <param name="length">L.</param>
    /// <param name="steps">How many steps are asked for; most leave no choice.</param>
    /// <exception cref="ArgumentException">The parameters do not go together.</exception>
    public Hyperschedule Of(int length, int steps) => make(length, steps);

    /// <summary>The parameters as they are on a length, by name.</summary>
    public IEnumerable<KeyValuePair<string, int>> On(int length) =>
        parameters.Select(
            parameter => parameter.Key == "width" ? KeyValuePair.Create(parameter.Key, Math.Min(parameter.Value, length)) : parameter);

    // Its table is made only where it is known not to fill the memory.
    private static HyperscheduleChoice Released(string kind, int width, int depth, Func<int, long> rows, Func<int, IReleasedSchedule> make)
    {
        return new(kind, Remembered(Make), ("width", width), ("depth", depth));

        Hyperschedule Make(int length)
        {
            long levels = rows(length) * Math.Max(length, width);
            return levels <= LevelTable.MostLevels
                ? make(length).Tabulate(length)
                : throw new ArgumentException(
                    $"its table has {levels} levels on {length} positions, but {LevelTable.MostLevels} are the most; use the " +
                        "hyperschedule of the same name without 'released', fewer levels or shorter sequences", nameof(depth));
        }
    }

    // A table is asked for many times on one length, and steps change nothing in it.
    private static Func<int, int, Hyperschedule> Remembered(Func<int, Hyperschedule> make)
    {
        Hyperschedule? last = null;
        return (length, _) => last is { } known && known.Length == length ? known : last = make(length);
    }

    private static Hyperschedule Tabulate(ImmutableArray<ImmutableArray<int>> levels, int length) =>
        levels.IsEmpty || levels[0].Length == length
        ? Hyperschedule.FromTable([.. levels])
        : throw new ArgumentException($"the table has {levels[0].Length} positions, but the sequences have {length}", nameof(levels));
}
