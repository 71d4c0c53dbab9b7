using System.Collections.Immutable;
using System.Globalization;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>An axis of a frontier.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="IsLogarithmic">Equal ratios are equal lengths; nothing below zero is drawn then.</param>
internal sealed record Axis(string Title, bool IsLogarithmic = false)
{
    /// <summary>Dashed, with these words beside it; null for none.</summary>
    public (double Value, string Words)? Reference { get; init; }

    /// <summary>Ticks stand at the values themselves, where these are few and apart.</summary>
    public bool MarksValues { get; init; }

    /// <summary>Words at 1, 2 and so on, for values that are no numbers; empty for numbers.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    public bool Has(double value) => double.IsFinite(value) && (!IsLogarithmic || value > 0);

    /// <summary>Where a value stands along the axis, up to scale.</summary>
    public double Place(double value) => IsLogarithmic ? Math.Log(value) : value;

    /// <summary>The value at a place, to six digits: processors differ in the last ones of an exponential, and files must not.</summary>
    public double Value(double place) => double.Parse((IsLogarithmic ? Math.Exp(place) : place).ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The ends of the axis, a little beyond the values.</summary>
    public (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] places = [.. values.Where(Has).Select(Place)];
        double low = places.Min(), high = places.Max();
        double margin = high > low ? 0.06 * (high - low) : IsLogarithmic ? 0.1 : Math.Max(0.1, 0.1 * Math.Abs(low));
        return (Value(low - margin), Value(high + margin));
    }
}
