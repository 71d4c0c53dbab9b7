using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Figures;

/// <summary>
/// Validation likelihood over the time of training, where runs are given minutes instead of steps: what a recipe is worth is what it
/// reaches in the same time. A panel a method where one was trained in several ways, a line a way.
/// </summary>
internal static class TimeCurves
{
    // Evenly spaced times at which the seeds' curves are read off, the end of the training among them.
    private const int Times = 24;

    /// <summary>Null when no network was given a time, or none has a curve.</summary>
    public static Figure? Build(Comparison comparison)
    {
        List<(MethodResult Method, ImmutableArray<TimePoint> Points)> curves =
            [.. comparison.Networks.Where(method => method.Definition.Number("training.minutes") is not null)
                .Select(method => (method, TimePoint.Of(method))).Where(curve => curve.Item2.Length > 1)];
        if (curves.Count == 0)
            return null;

        double seconds = curves.Max(curve => curve.Points[^1].Seconds);
        var (scale, unit) = seconds >= 7200 ? (3600.0, "hours") : seconds >= 180 ? (60.0, "minutes") : (1.0, "seconds");
        var vertical = new Axis($"Bits per {comparison.Units.One}");
        var titles = curves.GroupBy(curve => curve.Method.Definition.Title).ToList();
        ImmutableArray<Panel> panels = titles.All(title => title.Count() == 1)
            ? Panel.ByFamily(vertical, [.. curves.Select(curve => new Line(curve.Method, "", Points(curve, scale)))])
            : [.. titles.Select(title => new Panel(title.Key, vertical, [.. title.Select(curve => Way(curve, [.. title], scale))])
                { IsAlone = true })];
        return new Figure(
            $"time-curves{comparison.Suffix}",
            "Likelihood of the validation text over the time of training, without the time of evaluation; the mean over the seeds, for a "
                + "diffusion model an upper bound.",
            Frontier.Draw(new Axis($"Time of training ({unit})") { HasZero = true }, panels))
            .With($"time-curves{comparison.Suffix}.csv", Rows(curves));
    }

    // One of several ways to train a method: named after what was swept, in colours of the panel's own.
    private static Line Way((MethodResult Method, ImmutableArray<TimePoint> Points) curve,
        (MethodResult Method, ImmutableArray<TimePoint> Points)[] all, double scale)
    {
        string[] keys = Swept.Keys([.. all.Select(other => other.Method.Definition)]);
        return new Line(curve.Method.Label, Family.Of(curve.Method).Title, "", Points(curve, scale))
        {
            Label = keys.Length == 0 ? curve.Method.Label : Swept.Words(curve.Method.Definition, keys),
        };
    }

    private static ImmutableArray<Point> Points((MethodResult Method, ImmutableArray<TimePoint> Points) curve, double scale) =>
        [.. curve.Points.Select(point => new Point("", point.Seconds / scale, new Measurement(point.Bits), IsMain: false))];

    private static IEnumerable<string[]> Rows(List<(MethodResult Method, ImmutableArray<TimePoint> Points)> curves) =>
    [
        ["method", "seconds", "validation_bits", "seeds"],
        .. curves.SelectMany(
            curve => curve.Points.Select(
                point => new[] { curve.Method.Label, CsvFormat.Field(point.Seconds), CsvFormat.Field(point.Bits),
                    CsvFormat.Field((long)point.Seeds) })),
    ];

    /// <summary>The validation likelihood after so much training, the mean over seeds.</summary>
    /// <param name="Seconds">Of training.</param>
    /// <param name="Bits">Bits per character or token.</param>
    /// <param name="Seeds">How many runs the mean is over.</param>
    internal sealed record TimePoint(double Seconds, double Bits, int Seeds)
    {
        /// <summary>
        /// A method's curve. Its seeds are evaluated after the same steps, which take each another time: each is read off, between two
        /// evaluations along a line, at times at which all have been evaluated before and after.
        /// </summary>
        public static ImmutableArray<TimePoint> Of(MethodResult method)
        {
            List<TrainingPoint[]> curves = [.. method.Runs
                .Select(run => run.Curve.Where(point => point.ValidationBits is { } bits && double.IsFinite(bits)).ToArray())
                .Where(curve => curve.Length > 1)];
            if (curves.Count == 0)
                return [];
            double first = curves.Max(curve => curve[0].Seconds), last = curves.Min(curve => curve[^1].Seconds);
            return last <= first ? [] :
            [
                .. Enumerable.Range(0, Times).Select(i => first + ((last - first) * i / (Times - 1)))
                    .Select(seconds => new TimePoint(Rounded(seconds), Rounded(curves.Average(curve => At(curve, seconds))), curves.Count)),
            ];
        }

        private static double At(TrainingPoint[] curve, double seconds)
        {
            int next = Math.Clamp(Array.FindIndex(curve, point => point.Seconds >= seconds), 1, curve.Length - 1);
            var (before, after) = (curve[next - 1], curve[next]);
            double share = after.Seconds > before.Seconds ? (seconds - before.Seconds) / (after.Seconds - before.Seconds) : 1;
            return before.ValidationBits!.Value + (Math.Clamp(share, 0, 1) * (after.ValidationBits!.Value - before.ValidationBits.Value));
        }

        // Sums are added in one order, but files are to be the same on every machine.
        private static double Rounded(double value) => Math.Round(value, 6);
    }
}
