using System.Collections.Immutable;
using Bench.Hyperschedules;

namespace Bench.Reference.Hyperschedules;

/// <summary>
/// What the authors' code makes of one step of a hyperschedule: noise times and classes, by position (HDLM, arXiv 2504.06416).
/// </summary>
/// <remarks>
/// Levels 0 to K − 1 are times from 10ε to 1 − 10ε, so K calls make K − 1 moves and a last look at almost clean tokens; the hyperschedules
/// of this suite give level k the time k/K.
/// With K = 1 there is no such map.
/// </remarks>
/// <param name="Times">ε where settled, 1 − ε where worthless, between them where active.</param>
/// <param name="Active">Neither settled nor worthless.</param>
/// <param name="Settled">The front.</param>
/// <param name="Finishing">At level 0: to be settled by this call.</param>
/// <param name="Weights">What a position counts in the loss.</param>
public sealed record ReleasedStep(
    ImmutableArray<double> Times, ImmutableArray<bool> Active, ImmutableArray<bool> Settled, ImmutableArray<bool> Finishing,
    ImmutableArray<double> Weights)
{
    private const double OfSettled = 0.05, OfWorthless = 0.001;

    /// <summary>For a network whose output i predicts token i.</summary>
    /// <param name="path">The hyperschedule.</param>
    /// <param name="step">From 1.</param>
    /// <param name="length">L.</param>
    /// <param name="epsilon">ε: how far from 0 and 1 times stay.</param>
    public static ReleasedStep Aligned(IReleasedSchedule path, int step, int length, double epsilon = 1e-4) =>
        Of(path, path.LevelsAt(step, length), path.SettledAt(step), epsilon, shifted: false);

    /// <summary>
    /// For a network whose output i predicts token i + 1: positions are those of its inputs, of which the first is a dummy in front of the
    /// text.
    /// </summary>
    /// <param name="path">The hyperschedule.</param>
    /// <param name="step">From 1.</param>
    /// <param name="length">Inputs: the dummy and L − 1 tokens.</param>
    /// <param name="epsilon">ε: how far from 0 and 1 times stay.</param>
    public static ReleasedStep Shifted(IReleasedSchedule path, int step, int length, double epsilon = 1e-4) =>
        Of(path, [0, .. path.LevelsAt(step, length)[..^1]], path.SettledAt(step), epsilon, shifted: true);

    private static ReleasedStep Of(IReleasedSchedule path, ImmutableArray<int> levels, int settled, double epsilon, bool shifted)
    {
        var positions = Enumerable.Range(0, levels.Length);
        double cleanest = 10 * epsilon, apart = (1 - (2 * cleanest)) / (path.Worthless - 1);

        // In the shifted view the last settled input asks for the first active token: one of the active ones, yet clean.
        bool IsAsking(int i) => shifted && i == settled;
        bool IsActive(int i) => i >= settled && levels[i] < path.Worthless;
        double Time(int i)
        {
            if (i < settled || IsAsking(i))
                return epsilon;
            return levels[i] == path.Worthless ? 1 - epsilon : Math.Clamp(cleanest + (levels[i] * apart), epsilon, 1 - epsilon);
        }

        double Weight(int i)
        {
            if (IsActive(i) && !IsAsking(i))
                return 1;
            return shifted || levels[i] == path.Worthless ? OfWorthless : OfSettled;
        }

        return new(
            [.. positions.Select(Time)],
            [.. positions.Select(IsActive)],
            [.. positions.Select(i => i < settled || IsAsking(i))],
            [.. positions.Select(i => IsActive(i) && !IsAsking(i) && levels[i] == 0)],
            [.. positions.Select(Weight)]);
    }
}
