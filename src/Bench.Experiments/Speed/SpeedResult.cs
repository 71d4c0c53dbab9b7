using System.Collections.Immutable;
using Bench.Training;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Speed;

/// <summary>What was measured of a case.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Precision">The type of the products.</param>
/// <param name="Tokens">Tokens of text each time the work is done.</param>
/// <param name="Steps">Steps each time.</param>
/// <param name="Flops">Operations each time.</param>
/// <param name="PeakMebibytes">Memory that it added at its peak to what was resident before it began.</param>
/// <param name="Samples">Of each round.</param>
/// <param name="Peaks">Operations a second of the matrix product in the same rounds.</param>
/// <param name="Peers">What peers took in the same rounds.</param>
public sealed record SpeedResult(
    ISpeedCase Case,
    Precision Precision,
    double Tokens,
    double Steps,
    double Flops,
    double PeakMebibytes,
    ImmutableArray<SpeedSample> Samples,
    ImmutableArray<double> Peaks,
    ImmutableArray<PeerResult> Peers)
{
    /// <summary>Tokens of text a second.</summary>
    public Quartiles TokensPerSecond => Over(sample => Tokens / sample.Seconds);

    /// <summary>Milliseconds a step.</summary>
    public Quartiles Milliseconds => Over(sample => 1e3 * sample.Seconds / Steps);

    /// <summary>10⁹ operations a second.</summary>
    public Quartiles Gigaflops => Over(sample => Flops / sample.Seconds / 1e9);

    /// <summary>Milliseconds of all cores together a step.</summary>
    public Quartiles ProcessorMilliseconds => Over(sample => 1e3 * sample.ProcessorSeconds / Steps);

    /// <summary>Page faults a step.</summary>
    public Quartiles PageFaults => Over(sample => sample.PageFaults / Steps);

    /// <summary>Operations a second as a share of the matrix product's in the same round.</summary>
    public Quartiles PeakShare => Quartiles.Of(Samples.Zip(Peaks, (sample, peak) => Flops / sample.Seconds / peak));

    private Quartiles Over(Func<SpeedSample, double> of) => Quartiles.Of(Samples.Select(of));
}

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
    public Quartiles ProcessorRatio(IReadOnlyList<SpeedSample> ours) =>
        Quartiles.Of(Steps.Zip(ours, (theirs, our) => theirs.ProcessorSeconds / our.ProcessorSeconds));
}

/// <summary>The middle of some numbers and half of them around it.</summary>
/// <param name="Low">A quarter is below.</param>
/// <param name="Median">A half is below.</param>
/// <param name="High">A quarter is above.</param>
public readonly record struct Quartiles(double Low, double Median, double High)
{
    /// <summary>Of at least one number, linear between neighbours (definition 7 of Hyndman and Fan 1996, R's and NumPy's).</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new(At(0.25), At(0.5), At(0.75));

        double At(double share) => all.QuantileCustom(share, QuantileDefinition.R7);
    }
}
