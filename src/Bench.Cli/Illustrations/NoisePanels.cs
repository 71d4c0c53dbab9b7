using System.Collections.Immutable;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reporting.Figures;
using Bench.Results;

namespace Bench.Cli.Illustrations;

/// <summary>Marginals of noise processes over time: t, and the shares that are kept, uniform and masked.</summary>
internal static class NoisePanels
{
    /// <summary>The columns.</summary>
    public static readonly ImmutableArray<string> Header = ["t", "keep", "uniform", "mask"];

    private const int Intervals = 200;

    /// <summary>Processes with more uniform noise than methods use: theirs could not be seen.</summary>
    public static PictureGrid Grid { get; } = new(
        "noise-processes",
        PictureKind.Shares,
        "What a token has become by noise time t: kept (blue), a uniformly drawn token (orange), the mask (grey). Uniform noise is stronger here than methods have it, so as to be seen.",
        [
            Panel("absorbing", "absorbing", new Absorbing()),
            Panel("uniform", "uniform", new Uniform()),
            Panel("gamma", "γ-hybrid, γ = 0.3", new GammaHybrid(0.3)),
            Panel("epsilon", "ε-hybrid, ε = 0.2", new EpsilonHybrid(0.2)),
            Panel("gidd", "GIDD, p = 0.3", new Gidd(0.3)),
        ]);

    /// <summary>A row a time, from 0 to 1.</summary>
    public static IEnumerable<ImmutableArray<string>> Rows(INoiseProcess process, INoiseSchedule schedule, int intervals) =>
        from n in Enumerable.Range(0, intervals + 1)
        let t = (double)n / intervals
        let law = process.At(schedule.Sigma(t))
        select ImmutableArray.Create(CsvFormat.Field(t), CsvFormat.Field(law.Keep), Share(law.Uniform), Share(law.Mask));

    // At time 0 shares may be −0.
    private static string Share(double value) => CsvFormat.Field(Math.Abs(value));

    private static PicturePanel Panel(string name, string title, INoiseProcess process) => new(name, title, [Header, .. Rows(process, new LogLinear(Epsilon: 0), Intervals)]);
}
