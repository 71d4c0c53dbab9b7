using System.Collections.Immutable;
using System.Globalization;
using Bench.Results;
using Bench.Results.Files;
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

/// <summary>What a piece of work took in one round, each time it was done.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all cores together; spinning threads included.</param>
/// <param name="PageFaults">Pages that the kernel had to find.</param>
public readonly record struct SpeedSample(double Seconds, double ProcessorSeconds, double PageFaults)
{
    /// <summary>Does a piece of work again and again.</summary>
    /// <param name="work">The work; warm.</param>
    /// <param name="seconds">For at least so long, and at least once.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="stop">Cancels.</param>
    public static SpeedSample Of(ISpeedWork work, double seconds, TimeProvider clock, CancellationToken stop)
    {
        var (faults, processor, start) = (ProcessUse.PageFaults, ProcessUse.Seconds, clock.GetTimestamp());
        int times = 0;
        double elapsed;
        do
        {
            work.Once(stop);
            times++;
            elapsed = clock.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return new(elapsed / times, (ProcessUse.Seconds - processor) / times, (double)(ProcessUse.PageFaults - faults) / times);
    }
}

/// <summary>What this process has used of the machine so far.</summary>
internal static class ProcessUse
{
    private const string Stat = "/proc/self/stat";

    // proc(5): fields 10 and 12, counted from 1; the second is a name in parentheses that may have spaces in it.
    private const int Minor = 10, Major = 12, BehindName = 3;

    /// <summary>Page faults; 0 where the system does not report them.</summary>
    public static long PageFaults => File.Exists(Stat) ? FaultsIn(File.ReadAllText(Stat)) : 0;

    /// <summary>Processor time of all threads, user and system.</summary>
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    internal static long FaultsIn(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Field(Minor) + Field(Major);

        long Field(int number) => long.Parse(fields[number - BehindName], CultureInfo.InvariantCulture);
    }
}

/// <summary>The speed of another implementation, in another run: a row of <c>baselines/speed/peers.csv</c>.</summary>
/// <param name="Case">The case that does the same.</param>
/// <param name="System">Which code, how set up.</param>
/// <param name="Mode">How its products were computed.</param>
/// <param name="TokensPerSecond">The speed.</param>
/// <param name="Certainty">Where and how it was measured, as text.</param>
public sealed record PublishedSpeed(string Case, string System, string Mode, double TokensPerSecond, string Certainty)
{
    private static readonly string[] Header = ["case", "system", "precision", "tokens_per_second", "certainty"];

    /// <summary>Reads a file of them.</summary>
    /// <exception cref="SuiteException">The file is damaged.</exception>
    public static ImmutableArray<PublishedSpeed> Read(string path) =>
    [
        .. CsvFormat.Read(path, InputFile.ReadText(path), Header, row => new PublishedSpeed(
            row.Text("case"),
            row.Text("system"),
            row.Text("precision"),
            row.Finite("tokens_per_second") is > 0 and var speed ? speed : throw new FormatException("tokens_per_second is not above 0"),
            row.Text("certainty"))),
    ];
}
