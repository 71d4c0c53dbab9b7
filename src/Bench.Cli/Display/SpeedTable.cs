using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Reporting.Tables;

namespace Bench.Cli.Display;

/// <summary>Measured speeds as tables: ours, and against those of others.</summary>
internal static class SpeedTable
{
    /// <summary>A row a case.</summary>
    public static TextTable Of(IReadOnlyList<SpeedResult> results, int rounds) => new(
        "Speed",
        [("Case", ""), ("Products", ""), ("Tokens/s", "median"), ("", "quartiles"), ("Step", "ms"), ("CPU", "ms"), ("Work", "GFLOP/s"), ("Of GEMM", "%"), ("Memory", "MiB"), ("Page faults", "a step")],
        [Alignment.Left, Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 8)],
        [.. results.Select(Row)],
        BaselineRows: 0,
        [
            $"Medians of {rounds} {(rounds == 1 ? "round" : "rounds")}, every case once a round. A step is an update of the weights (train) or a call of the network (sample).",
            $"Work: 6 N a token and 12·blocks·L·D for attention in training, a third of it in sampling; of the product of 1024 × 1024 matrices in the same rounds ({Peaks(results)}).",
        ]);

    /// <summary>A row a peer that was measured in turn with ours; null where none was.</summary>
    public static TextTable? OfPeers(IReadOnlyList<SpeedResult> results)
    {
        ImmutableArray<ImmutableArray<string>> rows = [.. results.SelectMany(result => result.Peers.Select(peer => Row(result, peer)))];
        return rows.IsEmpty ? null : new(
            "Peers in this run",
            [("Case", ""), ("Ours", ""), ("Peer", ""), ("Mode", ""), ("Peer's tokens/s", "median"), ("", "quartiles"), ("Ours / peer's", "median"), ("", "quartiles"), ("In CPU time", "median")],
            [Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 5)],
            rows,
            BaselineRows: 0,
            ["Measured in turn with ours, in this run: the ratio is that of each round. CPU time is that of all cores, which a busy machine disturbs less."]);
    }

    /// <summary>A row a peer that somebody measured before; null where none has these cases.</summary>
    public static TextTable? OfPublished(IReadOnlyList<SpeedResult> results, IReadOnlyList<PublishedSpeed> published)
    {
        ImmutableArray<ImmutableArray<string>> rows = [.. results.SelectMany(result => published.Where(peer => peer.Case == result.Case.Name).Select(peer => Row(result, peer)))];
        return rows.IsEmpty ? null : new(
            "Peers in another run",
            [("Case", ""), ("Ours", ""), ("Peer", ""), ("Mode", ""), ("Peer's tokens/s", ""), ("Ours / peer's", ""), ("Certainty", "")],
            [Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Right, Alignment.Right, Alignment.Left],
            rows,
            BaselineRows: 0,
            ["These peers were measured in another run, at another time: what else the machine does, or another machine, moves the ratio. Those of --peer are measured in turn with ours."]);
    }

    private static ImmutableArray<string> Row(SpeedResult result) =>
    [
        result.Case.Name,
        PrecisionNames.Of(result.Precision),
        Quantity.Count(result.TokensPerSecond.Median),
        Range(result.TokensPerSecond, "N0"),
        Number(result.Milliseconds.Median, "N1"),
        Number(result.ProcessorMilliseconds.Median, "N1"),
        Number(result.Gigaflops.Median, "N1"),
        Number(100 * result.PeakShare.Median, "N0"),
        Number(result.PeakMebibytes, "N0"),
        Number(result.PageFaults.Median, "N0"),
    ];

    private static ImmutableArray<string> Row(SpeedResult result, PeerResult peer)
    {
        var (speed, ratio) = (peer.TokensPerSecond(result.Tokens), peer.Ratio(result.Samples));
        return
        [
            result.Case.Name,
            PrecisionNames.Of(result.Precision),
            peer.System,
            peer.Mode,
            Quantity.Count(speed.Median),
            Range(speed, "N0"),
            Number(ratio.Median, "0.00"),
            Range(ratio, "0.00"),
            Number(peer.ProcessorRatio(result.Samples).Median, "0.00"),
        ];
    }

    private static ImmutableArray<string> Row(SpeedResult result, PublishedSpeed peer) =>
    [
        result.Case.Name, PrecisionNames.Of(result.Precision), peer.System, peer.Mode, Quantity.Count(peer.TokensPerSecond), Number(result.TokensPerSecond.Median / peer.TokensPerSecond, "0.00"), peer.Certainty,
    ];

    private static string Peaks(IReadOnlyList<SpeedResult> results) => string.Join(", ", results
        .DistinctBy(result => result.Precision)
        .Select(result => $"{PrecisionNames.Of(result.Precision)} {Number(Quartiles.Of(result.Peaks).Median / 1e9, "N0")} GFLOP/s"));

    private static string Range(Quartiles of, string format) => $"{Number(of.Low, format)}–{Number(of.High, format)}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
