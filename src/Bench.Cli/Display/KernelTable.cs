using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Kernels;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>What each of the suite's own kernels is worth, as a table and as a file.</summary>
internal static class KernelTable
{
    private static readonly string[] Header = ["case", "precision", "without", "rounds", "ms_per_step", "slower_low", "slower", "slower_high", "saved"];

    /// <summary>A row a kernel that is turned off.</summary>
    public static TextTable Of(ISpeedCase row, IReadOnlyList<KernelShare> shares) => new(
        "Kernels",
        [("Without", ""), ("Step", "ms"), ("", "quartiles"), ("Times as long", "median"), ("", "quartiles"), ("Saves of a step", "%")],
        [Alignment.Left, .. Enumerable.Repeat(Alignment.Right, 5)],
        [.. shares.Select(Row)],
        BaselineRows: 0,
        [
            $"{row.Name}, {PrecisionNames.Of(shares[0].Result.Precision)} products, {FusedKernels.InstructionSet} kernels. Tensor operators stand in for those that a row is without.",
            $"Medians of {shares[0].Result.Samples.Length} rounds, every row once a round; the ratio is that of each round.",
        ]);

    /// <summary>All of it.</summary>
    public static string File(ISpeedCase row, IReadOnlyList<KernelShare> shares) => CsvFormat.Text(shares.Select(share => new[]
    {
        row.Name, PrecisionNames.Of(share.Result.Precision), KernelSwitch.Describe(share.Off), CsvFormat.Field(share.Result.Samples.Length), CsvFormat.Field(share.Result.Milliseconds.Median),
        CsvFormat.Field(share.Slower.Low), CsvFormat.Field(share.Slower.Median), CsvFormat.Field(share.Slower.High), CsvFormat.Field(share.Saved),
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
