using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Test likelihood with its standard error, a dot a method, the best on top.</summary>
internal static class LikelihoodDots
{
    // Points: as wide as the text of a paper, and as high as the rows need.
    private const double Width = 440;
    private const double RowHeight = 16;
    private const double Frame = 56;

    /// <summary>Null when no method has a test likelihood.</summary>
    public static Figure? Build(Comparison comparison)
    {
        var methods = comparison.Methods
            .Where(method => method.Bits(Splits.Test) is { } bits && double.IsFinite(bits.Value))
            .OrderBy(method => method.Bits(Splits.Test)!.Value.Value)
            .ToList();
        if (methods.Count == 0)
            return null;

        var figure = new Figure(
            "likelihood",
            comparison.Suffix,
            "Test likelihood with one standard error, where that is wider than the mark. Diamonds are upper bounds, dots are exact; grey ones are n-gram models.");
        figure.Add("dots", $"likelihood{comparison.Suffix}.csv", methods.Select((method, i) => Row(comparison, method, methods.Count - i)).Prepend(
            ["row", "method", "bits", "standard_error", "is_bound", "text", "colour"]));
        double low = methods.Min(method => Reach(method, -1)), high = methods.Max(method => Reach(method, 1));
        double margin = high > low ? 0.04 * (high - low) : 0.1;
        figure.Set("rows", methods.Count);
        figure.Set("x_min", low - margin);
        figure.Set("x_max", high + margin);
        if (comparison.Units != LikelihoodUnits.Character)
            figure.Set("per", comparison.Units.One);
        figure.Set("width", Width);
        figure.Set("height", Frame + (RowHeight * methods.Count));
        figure.Set("label_width", 5.2 * methods.Max(method => method.Label.Length));
        return figure;
    }

    // The end of the error bar.
    private static double Reach(MethodResult method, int side) =>
        method.Bits(Splits.Test) is { } bits ? bits.Value + (side * (bits.StandardError ?? 0)) : 0;

    private static string[] Row(Comparison comparison, MethodResult method, int row)
    {
        var bits = method.Bits(Splits.Test)!.Value;
        string[] networks = [.. comparison.Networks.Select(other => other.Label).Order(StringComparer.Ordinal)];
        string colour = method.NGramOrder is null ? Palette.Of(Array.IndexOf(networks, method.Label)).Colour : Palette.Grey;
        return
        [
            CsvFormat.Field((long)row),
            method.Label,
            CsvFormat.Field(bits.Value),
            CsvFormat.Field(bits.StandardError ?? 0),
            bits.IsUpperBound ? "1" : "0",
            bits.Text(NumberFormat.Fixed(3)),
            $"{Convert.ToInt32(colour[1..], 16)}",
        ];
    }
}
