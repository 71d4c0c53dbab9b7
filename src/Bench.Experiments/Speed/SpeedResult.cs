using System.Collections.Immutable;
using Bench.Training;

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
