using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>Measured speeds for scripts: CSV, every digit, a row a case and a row a peer that was measured with it.</summary>
internal static class SpeedFile
{
    private static readonly string[] Header =
    [
        "case", "system", "precision", "rounds", "tokens_per_second", "tokens_per_second_low", "tokens_per_second_high", "step_ms", "step_ms_low", "step_ms_high",
        "gflops", "gemm_share", "peak_mib", "page_faults_per_step", "step_cpu_ms", "ratio", "ratio_low", "ratio_high", "cpu_ratio",
    ];

    /// <summary>The whole file. Ratios are ours over the peer's, in tokens a second, round by round.</summary>
    public static string Text(IEnumerable<SpeedResult> results) => CsvFormat.Text(results.SelectMany(result => result.Peers.Select(peer => Row(result, peer)).Prepend(Row(result))).Prepend(Header));

    private static string[] Row(SpeedResult result) =>
    [
        result.Case.Name, "bench", PrecisionNames.Of(result.Precision), CsvFormat.Field((long)result.Samples.Length),
        .. Fields(result.TokensPerSecond), .. Fields(result.Milliseconds),
        CsvFormat.Field(result.Gigaflops.Median), CsvFormat.Field(result.PeakShare.Median), CsvFormat.Field(result.PeakMebibytes), CsvFormat.Field(result.PageFaults.Median), CsvFormat.Field(result.ProcessorMilliseconds.Median),
        "", "", "", "",
    ];

    private static string[] Row(SpeedResult result, PeerResult peer) =>
    [
        result.Case.Name, peer.System, peer.Mode, CsvFormat.Field((long)peer.Steps.Length),
        .. Fields(peer.TokensPerSecond(result.Tokens)), .. Fields(Quartiles.Of(peer.Steps.Select(step => 1e3 * step.Seconds))),
        CsvFormat.Field(Quartiles.Of(peer.Steps.Select(step => result.Flops / step.Seconds / 1e9)).Median), "", "", "",
        CsvFormat.Field(Quartiles.Of(peer.Steps.Select(step => 1e3 * step.ProcessorSeconds)).Median),
        .. Fields(peer.Ratio(result.Samples)), CsvFormat.Field(peer.ProcessorRatio(result.Samples).Median),
    ];

    // The median, then the quartiles.
    private static string[] Fields(Quartiles of) => [CsvFormat.Field(of.Median), CsvFormat.Field(of.Low), CsvFormat.Field(of.High)];
}
