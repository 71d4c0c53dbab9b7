using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

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
        [$"{trace.Case.Name}, {PrecisionNames.Of(trace.Precision)} products. Resident is what the system counts of the process; garbage that was not collected yet counts as managed."]);

    /// <summary>All of it.</summary>
    public static string File(MemoryTrace trace) => CsvFormat.Text(trace.Points.Select(point => new[]
    {
        trace.Case.Name, PrecisionNames.Of(trace.Precision), CsvFormat.Field(point.Step), CsvFormat.Field(point.Resident), CsvFormat.Field(point.Native), CsvFormat.Field(point.Managed),
    }).Prepend(Header));

    private static ImmutableArray<string> Row(MemoryPoint point) => [Number(point.Step), Number(point.Resident), Number(point.Native), Number(point.Managed)];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
