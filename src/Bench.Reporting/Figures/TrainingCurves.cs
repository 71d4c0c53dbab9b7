using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Validation likelihood over training tokens, with the n-gram baselines as levels to get below. Not the loss: what methods minimise is not the same quantity.</summary>
internal static class TrainingCurves
{
    // Points (1/72 inch): the text width of a paper, a height that many labels add to, and what axes and their titles take of it.
    private const double Width = 440;
    private const double LeastHeight = 280;
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
            "Likelihood of the validation text over training tokens, for a diffusion model an upper bound. Dashed grey lines: n-gram models.");
        (MethodResult Method, double Bits)[] levels =
            [.. comparison.NGrams.Select(ngram => (ngram, ngram.Bits(Splits.Validation)?.Value)).Where(pair => pair.Value is not null).Select(pair => (pair.ngram, pair.Value!.Value))];

        double[] all = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Bits), .. levels.Select(level => level.Bits)];
        double height = Math.Max(LeastHeight, Frame + (LabelHeight * (curves.Count + levels.Length)));
        double low = all.Min(), high = all.Max();
        double margin = 0.04 * (high - low);
        long tokens = curves.Max(curve => curve.Points[^1].Tokens);
        var (scale, unit) = tokens >= 2_000_000_000 ? (1e9, "billions") : tokens >= 2_000_000 ? (1e6, "millions") : (1e3, "thousands");

        // Colours follow the method's name, not its rank, so that they stay when results change.
        string[] names = [.. comparison.Networks.Select(method => method.Label).Order(StringComparer.Ordinal)];
        var styles = curves.Select(curve => Palette.Of(Array.IndexOf(names, curve.Method.Label))).ToList();
        figure.Add("curves", $"training-curves{comparison.Suffix}.csv", Rows(curves));
        figure.Add("labels", $"training-curves-labels{comparison.Suffix}.csv", Labels(curves, levels, low - margin, high + margin, height));
        figure.Set("colour", [.. styles.Select(style => style.Colour)]);
        figure.Set("dash", [.. styles.Select(style => $"{style.Dash}")]);
        figure.Set("has_levels", levels.Length > 0 ? 1 : 0);
        figure.Set("x_scale", scale);
        figure.Set("x_unit", unit);
        figure.Set("x_max", tokens / scale);
        figure.Set("y_min", low - margin);
        figure.Set("y_max", high + margin);
        if (comparison.Units != LikelihoodUnits.Character)
            figure.Set("per", comparison.Units.One);
        figure.Set("width", Width);
        figure.Set("height", height);
        figure.Set("label_width", 6.0 * (curves.Select(curve => curve.Method.Label.Length).Concat(levels.Select(l => l.Method.Label.Length)).Max() + 6));
        return figure;
    }

    private static IEnumerable<string[]> Rows(List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves) => curves
        .SelectMany((curve, i) => curve.Points.Select(point => new[]
        {
            CsvFormat.Field(i + 1L),
            curve.Method.Label,
            CsvFormat.Field(point.Tokens),
            CsvFormat.Field(point.Bits),
            CsvFormat.Field((long)point.Seeds),
        }))
        .Prepend(["series", "method", "tokens", "validation_bits", "seeds"]);

    // Series 0 is an n-gram level. Positions are those of the labels, moved apart where they would touch.
    private static IEnumerable<string[]> Labels(
        List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves, (MethodResult Method, double Bits)[] levels, double low, double high, double height)
    {
        var labels = curves
            .Select((curve, i) => (Series: i + 1L, curve.Method.Label, curve.Points[^1].Bits))
            .Concat(levels.Select(level => (Series: 0L, level.Method.Label, level.Bits)))
            .ToList();
        var positions = LabelColumn.Spread([.. labels.Select(label => label.Bits)], LabelHeight * (high - low) / (height - Frame), low, high);
        return labels
            .Select((label, i) => new[]
            {
                CsvFormat.Field(label.Series), $"{label.Label}  {NumberFormat.Fixed(2).Text(label.Bits)}", CsvFormat.Field(label.Bits), CsvFormat.Field(positions[i]),
            })
            .Prepend(["series", "label", "bits", "position"]);
    }
}
