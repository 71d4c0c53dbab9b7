using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Statistics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>An axis of a figure.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="IsLogarithmic">Equal ratios are equal lengths; nothing below zero is drawn then.</param>
internal sealed record Axis(string Title, bool IsLogarithmic = false)
{
    // What is within a standard error of another point must look so: an axis is at least this many of them long.
    private const double LeastErrors = 16;

    /// <summary>Dashed, with these words beside it; null for none.</summary>
    public (double Value, string Words)? Reference { get; init; }

    /// <summary>Ticks stand at the values themselves, where these are few, apart and round.</summary>
    public bool MarksValues { get; init; }

    /// <summary>Whether it begins at zero.</summary>
    public bool HasZero { get; init; }

    /// <summary>Words at 1, 2 and so on, for values that are no numbers; empty for numbers.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

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
    public ImmutableArray<(double Place, string Words)> Ticks(double low, double high) => Labelled(Frontiers.Ticks.Of(Value(low), Value(high), IsLogarithmic));

    /// <summary>Values as places with their words.</summary>
    public ImmutableArray<(double Place, string Words)> Labelled(double[] values, bool isEven = true) => [.. Frontiers.Ticks.Labelled(values, isEven && !IsLogarithmic).Select(tick => (Place(tick.Value), tick.Words))];
}
