using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Kernels;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>Measured speeds as tables: ours, and against those of others.</summary>
internal static class SpeedTable
{
    /// <summary>A row a case.</summary>
    public static TextTable Of(IReadOnlyList<SpeedResult> results, int rounds) => new(
        "Speed",
        [("Case", ""), ("Products", ""), ("Tokens/s", "median"), ("", "quartiles"), ("Step", "ms"), ("CPU", "ms"), ("Work", "GFLOP/s"),
            ("Of GEMM", "%"), ("Memory", "MiB"), ("Page faults", "a step")],
        [Alignment.Left, Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 8)],
        [.. results.Select(Row)],
        BaselineRows: 0,
        [
            $"Medians of {rounds} {(rounds == 1 ? "round" : "rounds")}, every case once a round. A step is an update of the weights " +
                "(train) or a call of the network (sample).",
            "Work: 6 N a token and 12·blocks·L·D for attention in training, a third of it in sampling; of the product of 1024 × 1024 " +
                $"matrices in the same rounds ({Peaks(results)}).",
        ]);

    /// <summary>A row a peer that was measured in turn with ours; null where none was.</summary>
    public static TextTable? OfPeers(IReadOnlyList<SpeedResult> results)
    {
        ImmutableArray<ImmutableArray<string>> rows = [.. results.SelectMany(result => result.Peers.Select(peer => Row(result, peer)))];
        return rows.IsEmpty ? null : new(
            "Peers in this run",
            [("Case", ""), ("Ours", ""), ("Peer", ""), ("Mode", ""), ("Peer's tokens/s", "median"), ("", "quartiles"),
                ("Ours / peer's", "median"), ("", "quartiles"), ("In CPU time", "median")],
            [Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 5)],
            rows,
            BaselineRows: 0,
            ["Measured in turn with ours, in this run: the ratio is that of each round. CPU time is that of all cores, which a busy " +
                "machine disturbs less."]);
    }

    /// <summary>A row a peer that was measured before; null where none has these cases.</summary>
    public static TextTable? OfPublished(IReadOnlyList<SpeedResult> results, IReadOnlyList<PublishedSpeed> published)
    {
        ImmutableArray<ImmutableArray<string>> rows =
            [.. results.SelectMany(result => published.Where(peer => peer.Case == result.Case.Name).Select(peer => Row(result, peer)))];
        return rows.IsEmpty ? null : new(
            "Peers in another run",
            [("Case", ""), ("Ours", ""), ("Peer", ""), ("Mode", ""), ("Peer's tokens/s", ""), ("Ours / peer's", ""), ("Certainty", "")],
            [Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Left, Alignment.Right, Alignment.Right, Alignment.Left],
            rows,
            BaselineRows: 0,
            ["These peers were measured in another run, at another time: what else the machine does, or another machine, moves the " +
                "ratio. Those of --peer are measured in turn with ours."]);
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
        result.Case.Name, PrecisionNames.Of(result.Precision), peer.System, peer.Mode, Quantity.Count(peer.TokensPerSecond),
        Number(result.TokensPerSecond.Median / peer.TokensPerSecond, "0.00"), peer.Certainty,
    ];

    private static string Peaks(IReadOnlyList<SpeedResult> results) => string.Join(", ", results
        .DistinctBy(result => result.Precision)
        .Select(result => $"{PrecisionNames.Of(result.Precision)} {Number(Quartiles.Of(result.Peaks).Median / 1e9, "N0")} GFLOP/s"));

    private static string Range(Quartiles of, string format) => $"{Number(of.Low, format)}–{Number(of.High, format)}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>What each of the suite's own kernels is worth, as a table and as a file.</summary>
internal static class KernelTable
{
    private static readonly string[] Header =
        ["case", "precision", "without", "rounds", "ms_per_step", "slower_low", "slower", "slower_high", "saved"];

    /// <summary>A row a kernel that is turned off.</summary>
    public static TextTable Of(ISpeedCase row, IReadOnlyList<KernelShare> shares) => new(
        "Kernels",
        [("Without", ""), ("Step", "ms"), ("", "quartiles"), ("Times as long", "median"), ("", "quartiles"), ("Saves of a step", "%")],
        [Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 5)],
        [.. shares.Select(Row)],
        BaselineRows: 0,
        [
            $"{row.Name}, {PrecisionNames.Of(shares[0].Result.Precision)} products, {FusedKernels.InstructionSet} kernels. Tensor " +
                "operators stand in for those that a row is without.",
            $"Medians of {shares[0].Result.Samples.Length} rounds, every row once a round; the ratio is that of each round.",
        ]);

    /// <summary>All of it.</summary>
    public static string File(ISpeedCase row, IReadOnlyList<KernelShare> shares) => CsvFormat.Text(shares.Select(share => new[]
    {
        row.Name, PrecisionNames.Of(share.Result.Precision), KernelSwitch.Describe(share.Off),
        CsvFormat.Field(share.Result.Samples.Length), CsvFormat.Field(share.Result.Milliseconds.Median),
        CsvFormat.Field(share.Slower.Low), CsvFormat.Field(share.Slower.Median), CsvFormat.Field(share.Slower.High),
        CsvFormat.Field(share.Saved),
    }).Prepend(Header));

    private static ImmutableArray<string> Row(KernelShare share)
    {
        var step = share.Result.Milliseconds;
        return
        [
            KernelSwitch.Describe(share.Off),
            Number(step.Median, "N1"),
            $"{Number(step.Low, "N1")}–{Number(step.High, "N1")}",
            Number(share.Slower.Median, "0.00"),
            $"{Number(share.Slower.Low, "0.00")}–{Number(share.Slower.High, "0.00")}",
            Number(100 * share.Saved, "0.0"),
        ];
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Memory over many steps, as a table and as a file.</summary>
internal static class MemoryTable
{
    private const int Shown = 10;

    private static readonly string[] Header = ["case", "precision", "step", "resident_mib", "native_mib", "managed_mib"];

    /// <summary>The first point and some that are equally far apart behind it.</summary>
    public static TextTable Of(MemoryTrace trace) => new(
        "Memory",
        [("Step", ""), ("Resident", "MiB"), ("Native heap in use", "MiB"), ("Managed heap", "MiB")],
        [.. Enumerable.Repeat(Alignment.Right, 4)],
        [.. Enumerable.Range(0, Shown + 1).Select(i => i * (trace.Points.Length - 1) / Shown).Distinct().Select(i => Row(trace.Points[i]))],
        BaselineRows: 0,
        [$"{trace.Case.Name}, {PrecisionNames.Of(trace.Precision)} products. Resident is what the system counts of the process; garbage " +
            "that was not collected yet counts as managed."]);

    /// <summary>All of it.</summary>
    public static string File(MemoryTrace trace) => CsvFormat.Text(trace.Points.Select(point => new[]
    {
        trace.Case.Name, PrecisionNames.Of(trace.Precision), CsvFormat.Field(point.Step), CsvFormat.Field(point.Resident),
        CsvFormat.Field(point.Native), CsvFormat.Field(point.Managed),
    }).Prepend(Header));

    private static ImmutableArray<string> Row(MemoryPoint point) =>
        [Number(point.Step), Number(point.Resident), Number(point.Native), Number(point.Managed)];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>Operators as a table and as a file, by the time spent in each of them itself.</summary>
internal static class ProfileTable
{
    private const int Shown = 30;
    private const double Milli = 1e3;

    private static readonly string[] Header = ["case", "operator", "pass", "calls_per_step", "ms_per_step", "share"];

    /// <summary>The longest ones, the rest in a line, and what lies in no operator.</summary>
    public static TextTable Of(SpeedProfile profile)
    {
        var rest = profile.Operators.Skip(Shown).ToArray();
        IEnumerable<ImmutableArray<string>> rows = profile.Operators.Take(Shown)
            .Select(entry => Row(entry.Name, Pass(entry), Number(entry.Calls / profile.Steps, "0.#"), entry.Seconds));
        if (rest.Length > 0)
            rows = rows.Append(
                Row($"{rest.Length} more operators", "", Number(rest.Sum(entry => entry.Calls) / profile.Steps, "0.#"),
                    rest.Sum(entry => entry.Seconds)));
        rows = rows.Append(Row("outside operators", "", "", profile.ElsewhereSeconds)).Append(Row("step", "", "", profile.Seconds));
        return new TextTable(
            "Operators",
            [("Operator", ""), ("Pass", ""), ("Calls", "a step"), ("Self", "ms a step"), ("Share", "%")],
            [Alignment.Left, Alignment.Left, Alignment.Right, Alignment.Right, Alignment.Right],
            [.. rows],
            BaselineRows: 0,
            [
                $"{profile.Case.Name}, {PrecisionNames.Of(profile.Precision)} products, {Number(profile.Steps, "N0")} " +
                    $"{(profile.Steps == 1 ? "step" : "steps")}. Self is the time in a part without those within it.",
                "Kernels, products and stages of a step are timed where they begin and end; tensor operators between them count to the " +
                    "part around them.",
            ]);

        ImmutableArray<string> Row(string name, string pass, string calls, double seconds) =>
            [name, pass, calls, Number(Milli * seconds / profile.Steps, "0.000"), Number(100 * seconds / profile.Seconds, "0.0")];
    }

    /// <summary>All of it.</summary>
    public static string File(SpeedProfile profile) =>
        CsvFormat.Text(profile.Operators.Select(entry => Fields(profile, entry.Name, Pass(entry), entry.Calls, entry.Seconds))
        .Append(Fields(profile, "outside operators", "", calls: null, profile.ElsewhereSeconds))
        .Prepend(Header));

    private static string[] Fields(SpeedProfile profile, string name, string pass, long? calls, double seconds) =>
    [
        profile.Case.Name, name, pass, CsvFormat.Field(calls / profile.Steps), CsvFormat.Field(Milli * seconds / profile.Steps),
        CsvFormat.Field(seconds / profile.Seconds),
    ];

    private static string Pass(OperatorTime entry) => entry.IsBackward ? "backward" : "forward";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Measured speeds for scripts: CSV, every digit, a row a case and a row a peer that was measured with it.</summary>
internal static class SpeedFile
{
    private static readonly string[] Header =
    [
        "case", "system", "precision", "rounds", "tokens_per_second", "tokens_per_second_low", "tokens_per_second_high", "step_ms",
        "step_ms_low", "step_ms_high",
        "gflops", "gemm_share", "peak_mib", "page_faults_per_step", "step_cpu_ms", "ratio", "ratio_low", "ratio_high", "cpu_ratio",
    ];

    /// <summary>The whole file. Ratios are ours over the peer's, in tokens a second, round by round.</summary>
    public static string Text(IEnumerable<SpeedResult> results) =>
        CsvFormat.Text(results.SelectMany(result => result.Peers.Select(peer => Row(result, peer)).Prepend(Row(result))).Prepend(Header));

    private static string[] Row(SpeedResult result) =>
    [
        result.Case.Name, "bench", PrecisionNames.Of(result.Precision), CsvFormat.Field((long)result.Samples.Length),
        .. Fields(result.TokensPerSecond), .. Fields(result.Milliseconds),
        CsvFormat.Field(result.Gigaflops.Median), CsvFormat.Field(result.PeakShare.Median), CsvFormat.Field(result.PeakMebibytes),
        CsvFormat.Field(result.PageFaults.Median), CsvFormat.Field(result.ProcessorMilliseconds.Median),
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
