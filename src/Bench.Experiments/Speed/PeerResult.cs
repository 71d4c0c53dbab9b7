using System.Collections.Immutable;

namespace Bench.Experiments.Speed;

/// <summary>What a peer took for the same step, round by round, each time right behind ours.</summary>
/// <param name="System">Which code, as it calls itself.</param>
/// <param name="Mode">How its products are computed.</param>
/// <param name="Steps">A step of each round.</param>
public sealed record PeerResult(string System, string Mode, ImmutableArray<PeerStep> Steps)
{
    /// <summary>Its tokens a second.</summary>
    public Quartiles TokensPerSecond(double tokens) => Quartiles.Of(Steps.Select(step => tokens / step.Seconds));

    /// <summary>How many times faster ours was, round by round: what slows the machine down for a while slows both.</summary>
    public Quartiles Ratio(IReadOnlyList<SpeedSample> ours) => Quartiles.Of(Steps.Zip(ours, (theirs, our) => theirs.Seconds / our.Seconds));

    /// <summary>The same of processor time, which a busy machine disturbs less.</summary>
    public Quartiles ProcessorRatio(IReadOnlyList<SpeedSample> ours) => Quartiles.Of(Steps.Zip(ours, (theirs, our) => theirs.ProcessorSeconds / our.ProcessorSeconds));
}
