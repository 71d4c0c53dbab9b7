using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Statistics;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>An axis of a figure.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="IsLogarithmic">Equal ratios are equal lengths; nothing below zero is drawn then.</param>
internal sealed record Axis(string Title, bool IsLogarithmic = false)
{
    // What is within a standard error of another point must look so: an axis is at least this many of them long.
    private const double LeastErrors = 16;

    /// <summary>Dashed, with this label; null for none.</summary>
    public (double Value, string Words)? Reference { get; init; }

    /// <summary>Ticks stand at the values themselves, where these are few, apart and round.</summary>
    public bool MarksValues { get; init; }

    /// <summary>Whether it begins at zero.</summary>
    public bool HasZero { get; init; }

    /// <summary>Labels at 1, 2 and so on, for values that are no numbers; empty for numbers.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>The axis of a metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="scorer">The scorer, of a scored metric; null for none.</param>
    public static Axis Of(MetricDescriptor metric, string? scorer = null)
    {
        string beside = scorer ?? metric.Unit;
        return new(metric.AxisTitle ?? (beside.Length == 0 ? metric.Title : $"{metric.Title} ({beside})"), metric.IsLogarithmic);
    }

    public bool Has(double value) => double.IsFinite(value) && (!IsLogarithmic || value > 0);

    /// <summary>Where a value stands along the axis, up to scale.</summary>
    public double Place(double value) => IsLogarithmic ? Math.Log(value) : value;

    /// <summary>The value at a place, to six digits: processors differ in the last ones of an exponential, and files must not.</summary>
    public double Value(double place) => double.Parse((IsLogarithmic ? Math.Exp(place) : place).ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The standard error of a value as a length along the axis; null where none was estimated.</summary>
    public double? Error(double value, double? standardError) => standardError is { } error && Has(value) ? (IsLogarithmic ? error / value : error) : null;

    /// <summary>The same of a measurement, from its interval where it has no error.</summary>
    public double? Error(Measurement measured) =>
        Error(measured.Value, measured.StandardError ?? (measured.Interval is { } interval ? (interval.High - interval.Low) / (2 * Interval.Reach) : null));

    /// <summary>The median of errors; 0 where there are none.</summary>
    public static double Noise(IEnumerable<double> errors)
    {
        double[] all = [.. errors.Where(error => double.IsFinite(error) && error > 0).Order()];
        return all.Length == 0 ? 0 : all[all.Length / 2];
    }

    /// <summary>The ends of the axis, a little beyond the values and far enough apart that noise does not fill it.</summary>
    /// <param name="values">At least one that the axis <see cref="Has"/>.</param>
    /// <param name="noise">A standard error, as a length along the axis.</param>
    public (double Low, double High) Range(IEnumerable<double> values, double noise = 0)
    {
        double[] places = [.. values.Where(Has).Select(Place)];
        double low = places.Min(), high = places.Max();
        double margin = high > low ? 0.06 * (high - low) : IsLogarithmic ? 0.1 : Math.Max(0.1, 0.1 * Math.Abs(low));
        margin = Math.Max(margin, ((LeastErrors * noise) - (high - low)) / 2);
        return (Value(HasZero ? 0 : low - margin), Value(high + margin));
    }

    /// <summary>Ticks between two places, and what is written there.</summary>
    public ImmutableArray<(double Place, string Words)> Ticks(double low, double high) => Labelled(Drawing.Ticks.Of(Value(low), Value(high), IsLogarithmic));

    /// <summary>Values as places with their labels.</summary>
    public ImmutableArray<(double Place, string Words)> Labelled(double[] values, bool isEven = true) => [.. Drawing.Ticks.Labelled(values, isEven && !IsLogarithmic).Select(tick => (Place(tick.Value), tick.Words))];
}

/// <summary>Round numbers along an axis. A plotting program marks powers of ten alone on a logarithmic axis, of which short axes have none.</summary>
internal static class Ticks
{
    private const int Most = 7;
    private const int Least = 4;

    private static readonly double[][] Decades = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]];

    private static readonly double[] Steps = [1, 2, 5, 10];

    /// <summary>From low to high.</summary>
    public static double[] Of(double low, double high, bool isLogarithmic)
    {
        if (isLogarithmic && Decades.Select(steps => Within(steps, low, high)).FirstOrDefault(ticks => ticks.Length is >= Least and <= Most) is { } ticks)
            return ticks;

        // Less than the least ratio of round numbers, or a linear axis: equal steps.
        double rough = (high - low) / Most;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = unit * Steps.First(factor => unit * factor >= rough);
        int first = (int)Math.Ceiling(low / step), last = (int)Math.Floor(high / step);
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(i => Math.Round(i * step, 12))];
    }

    /// <summary>The values themselves where they are few, apart and round, else round numbers.</summary>
    public static double[] At(IEnumerable<double> values, Axis axis, double low, double high)
    {
        double[] own = [.. values.Distinct().Order()];
        double apart = 0.07 * (axis.Place(high) - axis.Place(low));
        return own.Length is > 1 and <= Most && own.All(IsRound) && own.Zip(own.Skip(1)).All(pair => axis.Place(pair.Second) - axis.Place(pair.First) >= apart)
            ? own
            : Of(low, high, axis.IsLogarithmic);
    }

    /// <summary>What is written at ticks: with equally many digits after the point where steps are equal.</summary>
    public static IEnumerable<(double Value, string Words)> Labelled(double[] ticks, bool isEven)
    {
        int decimals = !isEven ? 0 : ticks.Select(Decimals).DefaultIfEmpty(0).Max();

        // 2k, 4k … 10k, not 2000, 4000 … 10k.
        bool isThousands = isEven && ticks.All(tick => tick % 1000 == 0) && ticks.Any(tick => tick is >= 1e4 and < 1e6) && ticks.All(tick => tick < 1e6);
        return ticks.Select(tick => (tick, decimals > 0 ? tick.ToString($"F{decimals}", CultureInfo.InvariantCulture) : isThousands && tick > 0 ? $"{tick / 1000}k" : Words(tick)));
    }

    private static int Decimals(double tick) =>
        Words(tick) is var words && words.Contains('E', StringComparison.Ordinal) ? 0 : words.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 && char.IsAsciiDigit(words[^1]) ? words.Length - point - 1 : 0;

    // As people choose settings: at most three digits, or a small whole number.
    private static bool IsRound(double value) =>
        (double.IsInteger(value) && Math.Abs(value) < 1e5) || double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == value;

    private static string Words(double tick) => tick switch
    {
        > 0 and < 0.0001 or >= 1e9 => tick.ToString("0.###E+0", CultureInfo.InvariantCulture),
        >= 1e6 => (tick / 1e6).ToString("R", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (tick / 1e3).ToString("R", CultureInfo.InvariantCulture) + "k",
        < 0 => "−" + Words(-tick),
        _ => tick.ToString("R", CultureInfo.InvariantCulture),
    };

    private static double[] Within(double[] steps, double low, double high)
    {
        int lowest = (int)Math.Floor(Math.Log10(low)), highest = (int)Math.Ceiling(Math.Log10(high));
        return
        [
            .. from exponent in Enumerable.Range(lowest, highest - lowest + 1)
               from step in steps
               let tick = Math.Round(step * Math.Pow(10, exponent), Math.Clamp(2 - exponent, 0, 15))
               where tick >= low && tick <= high
               select tick,
        ];
    }
}
