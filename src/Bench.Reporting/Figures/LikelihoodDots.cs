using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Statistics;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Test likelihood with its standard error, a dot a method, the best on top.</summary>
internal static class LikelihoodDots
{
    /// <summary>Null when no method has a test likelihood.</summary>
    public static Figure? Build(Comparison comparison)
    {
        var methods = comparison.Methods
            .Where(method => method.Bits(Splits.Test) is { } bits && double.IsFinite(bits.Value))
            .OrderBy(method => method.Bits(Splits.Test)!.Value.Value)
            .ToList();
        if (methods.Count == 0)
            return null;

        string per = comparison.Units.One;
        return new Figure(
            $"likelihood{comparison.Suffix}",
            "Test likelihood with one standard error, where that is wider than the mark. Diamonds are upper bounds, dots are exact.",
            new DotDrawing($"Bits per {per} of the test text (lower is better)", [.. methods.Select(Dot)]))
            .With($"likelihood{comparison.Suffix}.csv",
                methods.Select((method, i) => Row(method, i + 1))
                    .Prepend(["rank", "method", "family", "bits", "standard_error", "is_bound"]));
    }

    private static DotRow Dot(MethodResult method)
    {
        var bits = method.Bits(Splits.Test)!.Value;
        return new(method.Label, FamilyOf(method), bits.Value, ErrorOf(bits), bits.IsUpperBound, bits.Text(NumberFormat.Fixed(3)));
    }

    private static string[] Row(MethodResult method, int rank)
    {
        var bits = method.Bits(Splits.Test)!.Value;
        return [CsvFormat.Field((long)rank), method.Label, FamilyOf(method)?.Key ?? "ngram", CsvFormat.Field(bits.Value),
            CsvFormat.Field(bits.StandardError), bits.IsUpperBound ? "1" : "0"];
    }

    private static Family? FamilyOf(MethodResult method) => method.NGramOrder is null ? Family.Of(method) : null;

    private static double ErrorOf(Measurement bits) => bits.StandardError is { } error && double.IsFinite(error) ? error : 0;
}
