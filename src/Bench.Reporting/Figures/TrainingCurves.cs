using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Frontiers;
using Bench.Reporting.Statistics;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Validation likelihood over training tokens, with the n-gram baselines as levels to get below. Not the loss: what methods minimise is not the same quantity.</summary>
internal static class TrainingCurves
{
    /// <summary>Null when no method has a curve.</summary>
    public static Figure? Build(Comparison comparison)
    {
        List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves = [.. comparison.Networks.Select(method => (method, Curve.Of(method))).Where(curve => curve.Item2.Length > 1)];
        if (curves.Count == 0)
            return null;

        (MethodResult Method, double Bits)[] levels =
            [.. comparison.NGrams.Select(ngram => (ngram, ngram.Bits(Splits.Validation)?.Value)).Where(pair => pair.Value is { } bits && double.IsFinite(bits)).Select(pair => (pair.ngram, pair.Value!.Value))];
        // Of the levels below all networks the next one is enough: the others would compress the curves.
        double best = curves.Min(curve => curve.Points.Min(point => point.Bits));
        levels = [.. levels.Where(level => level.Bits >= best), .. levels.Where(level => level.Bits < best).OrderByDescending(level => level.Bits).Take(1)];
        long tokens = curves.Max(curve => curve.Points[^1].Tokens);
        var (scale, unit) = tokens >= 2_000_000_000 ? (1e9, "billions") : tokens >= 2_000_000 ? (1e6, "millions") : (1e3, "thousands");
        ImmutableArray<Panel> panels = Panel.ByFamily(
            new Axis($"Bits per {comparison.Units.One}"),
            [.. curves.Select(curve => new Line(curve.Method, "", [.. curve.Points.Select(point => new Point("", point.Tokens / scale, new Measurement(point.Bits), IsMain: false))]) { Label = Named(curve.Method, curve.Points[^1].Bits) })]);
        return new Figure(
            $"training-curves{comparison.Suffix}",
            "Likelihood of the validation text over training tokens, for a diffusion model an upper bound. Dashed grey lines: n-gram models." + (panels.Length > 1 ? " Grey: the methods of the other panels." : ""),
            Frontier.Draw(
                new Axis($"Training tokens ({unit})") { HasZero = true },
                [.. panels.Select(panel => panel with { Levels = [.. levels.Select(level => (level.Bits, Named(level.Method, level.Bits)))] })]))
            .With($"training-curves{comparison.Suffix}.csv", Rows(curves, levels));
    }

    private static string Named(MethodResult method, double bits) => $"{method.Label} {NumberFormat.Fixed(2).Text(bits)}";

    // A level has no tokens: its counts are of the whole training text.
    private static IEnumerable<string[]> Rows(List<(MethodResult Method, ImmutableArray<Curve.Point> Points)> curves, (MethodResult Method, double Bits)[] levels) =>
    [
        ["method", "tokens", "validation_bits", "seeds"],
        .. curves.SelectMany(curve => curve.Points.Select(point => new[] { curve.Method.Label, CsvFormat.Field(point.Tokens), CsvFormat.Field(point.Bits), CsvFormat.Field((long)point.Seeds) })),
        .. levels.Select(level => new[] { level.Method.Label, "", CsvFormat.Field(level.Bits), CsvFormat.Field((long)level.Method.Finished.Length) }),
    ];
}

/// <summary>A method's validation likelihood in the course of its training: the mean over the seeds that were evaluated at a step.</summary>
internal static class Curve
{
    /// <summary>One evaluation on the validation text.</summary>
    /// <param name="Tokens">Seen in training.</param>
    /// <param name="Bits">Bits per character or token; an upper bound where the method's likelihood is one.</param>
    /// <param name="Seeds">How many runs the mean is over.</param>
    public sealed record Point(long Tokens, double Bits, int Seeds);

    public static ImmutableArray<Point> Of(MethodResult method) =>
    [
        .. from point in method.Runs.SelectMany(run => run.Curve)
           where point.ValidationBits is { } bits && double.IsFinite(bits)
           group point by point.Step into looks
           orderby looks.Key
           select new Point(looks.First().Tokens, looks.Average(look => look.ValidationBits!.Value), looks.Count()),
    ];
}
