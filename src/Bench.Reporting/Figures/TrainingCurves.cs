using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Training loss over tokens, with validation points and the n-gram baselines as levels to get below.</summary>
internal static class TrainingCurves
{
    // Points (1/72 inch): the text width of a paper, and what axes and their titles take of the height.
    private const double Width = 440;
    private const double Height = 280;
    private const double Frame = 50;
    private const double LabelHeight = 10.5;

    /// <summary>Null when no method has a curve.</summary>
    public static Figure? Build(Comparison comparison)
    {
        var curves = comparison.Networks.Select(method => (Method: method, Points: Curve.Of(method))).Where(curve => curve.Points.Length > 1).ToList();
        if (curves.Count == 0)
            return null;

        var figure = new Figure(
            "training-curves",
            comparison.Suffix,
            "Training loss (lines: smoothed; dots: validation) over training tokens. "
            + "For a diffusion model both are an upper bound. Dashed lines: validation likelihood of n-gram models.");
        (MethodResult Method, double Bits)[] levels =
            [.. comparison.NGrams.Select(ngram => (ngram, ngram.Bits(Splits.Validation)?.Value)).Where(pair => pair.Value is not null).Select(pair => (pair.ngram, pair.Value!.Value))];

        double low = curves.SelectMany(curve => curve.Points).Select(point => Math.Min(point.Smooth, point.Validation ?? point.Smooth)).Concat(levels.Select(l => l.Bits)).Min();
        double high = curves.SelectMany(curve => curve.Points).Select(point => Math.Max(point.Smooth, point.Validation ?? point.Smooth)).Concat(levels.Select(l => l.Bits)).Max();
        double margin = 0.04 * (high - low);
        long tokens = curves.Max(curve => curve.Points[^1].Tokens);
        var (scale, unit) = tokens >= 2_000_000_000 ? (1e9, "billions") : tokens >= 2_000_000 ? (1e6, "millions") : (1e3, "thousands");

        // Colours follow the method's name, not its rank, so that they stay when results change.
        string[] names = [.. comparison.Networks.Select(method => method.Label).Order(StringComparer.Ordinal)];
        var styles = curves.Select(curve => Palette.Of(Array.IndexOf(names, curve.Method.Label))).ToList();
        figure.Add("curves", $"training-curves{comparison.Suffix}.csv", Rows(curves));
        figure.Add("labels", $"training-curves-labels{comparison.Suffix}.csv", Labels(curves, levels, low - margin, high + margin));
        figure.Set("colour", [.. styles.Select(style => style.Colour)]);
        figure.Set("dash", [.. styles.Select(style => $"{style.Dash}")]);
        figure.Set("has_levels", levels.Length > 0 ? 1 : 0);
        figure.Set("x_scale", scale);
        figure.Set("x_unit", unit);
        figure.Set("x_max", tokens / scale);
        figure.Set("y_min", low - margin);
        figure.Set("y_max", high + margin);
        figure.Set("width", Width);
        figure.Set("height", Height);
        figure.Set("label_width", 6.0 * (curves.Select(curve => curve.Method.Label.Length).Concat(levels.Select(l => l.Method.Label.Length)).Max() + 6));
        return figure;
    }

    private static IEnumerable<string[]> Rows(List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves) => curves
        .SelectMany((curve, i) => curve.Points.Select(point => new[]
        {
            CsvFormat.Field(i + 1L),
            curve.Method.Label,
            CsvFormat.Field(point.Tokens),
            CsvFormat.Field(point.Loss),
            CsvFormat.Field(point.Smooth),
            CsvFormat.Field(point.Validation),
            CsvFormat.Field((long)point.Seeds),
        }))
        .Prepend(["series", "method", "tokens", "training_bits", "smoothed_bits", "validation_bits", "seeds"]);

    // Series 0 is an n-gram level. Positions are those of the labels, moved apart where they would touch.
    private static IEnumerable<string[]> Labels(
        List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves, (MethodResult Method, double Bits)[] levels, double low, double high)
    {
        var labels = curves
            .Select((curve, i) => (Series: i + 1L, curve.Method.Label, Bits: curve.Points.LastOrDefault(point => point.Validation is not null)?.Validation ?? curve.Points[^1].Smooth))
            .Concat(levels.Select(level => (Series: 0L, level.Method.Label, level.Bits)))
            .ToList();
        var positions = LabelColumn.Spread([.. labels.Select(label => label.Bits)], LabelHeight * (high - low) / (Height - Frame), low, high);
        return labels
            .Select((label, i) => new[]
            {
                CsvFormat.Field(label.Series), $"{label.Label}  {NumberFormat.Fixed(2).Text(label.Bits)}", CsvFormat.Field(label.Bits), CsvFormat.Field(positions[i]),
            })
            .Prepend(["series", "label", "bits", "position"]);
    }
}
