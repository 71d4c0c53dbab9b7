namespace Bench.Reporting.Statistics;

/// <summary>A number that may carry a standard error and may be a bound.</summary>
/// <param name="Value">The number.</param>
/// <param name="StandardError">One standard error in the same unit; null or zero where none was estimated.</param>
/// <param name="IsUpperBound">The true value is at most this one.</param>
public readonly record struct Measurement(double Value, double? StandardError = null, bool IsUpperBound = false)
{
    /// <summary>Where the true value lies in 95 of 100 repetitions; null where none was estimated.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The sign that stands before a bound.</summary>
    public const string AtMost = "≤ ";

    /// <summary>
    /// The value and its error, rounded together: to two digits of the error when they start with 10 to 35, else to one
    /// (the rule of the Particle Data Group). Without an error the value follows the format given.
    /// </summary>
    public (string Value, string? Error) Round(NumberFormat withoutError) =>
        StandardError is { } error && double.IsFinite(error) && double.IsFinite(Value) && error > 0
            ? (Rounding.ToPlace(Value, Rounding.Place(error)), Rounding.ToPlace(error, Rounding.Place(error)))
            : (withoutError.Text(Value), null);

    /// <summary>
    /// The value with the digits that its interval supports, and the interval such as <c>[7.31, 7.55]</c>; the format's digits where it has
    /// none.
    /// </summary>
    internal (string Value, string? Interval) RoundToInterval(NumberFormat withoutInterval)
    {
        if (Interval is not { } interval || !double.IsFinite(Value))
            return (withoutInterval.Text(Value), null);
        if (interval.Low == interval.High)
            return (withoutInterval.Text(Value), null);
        var format = interval.Place is { } place ? NumberFormat.Fixed(place) : withoutInterval;
        return (format.Text(Value), interval.Text(format));
    }

    /// <summary>Such as <c>≤ 2.413 ± 0.009</c>.</summary>
    public string Text(NumberFormat withoutError)
    {
        var (value, error) = Round(withoutError);
        return (IsUpperBound ? AtMost : "") + value + (error is null ? "" : $" ± {error}");
    }
}

/// <summary>A 95 % interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end; not symmetric about the value where the number's distribution is not.</param>
public readonly record struct Interval(double Low, double High)
{
    // A normal distribution lies this many standard errors about its mean in 95 of 100 cases.
    internal const double Reach = 1.959964;

    /// <summary>Such as <c>[7.31, 7.55]</c>, with that many digits after the point.</summary>
    internal string Text(NumberFormat format) => $"[{format.Text(Low)}, {format.Text(High)}]";

    /// <summary>
    /// The decimal place that the interval's width supports, as if it were that of a normal distribution; null where it has none.
    /// </summary>
    internal int? Place => double.IsFinite(Low) && double.IsFinite(High) && High > Low ? Rounding.Place((High - Low) / (2 * Reach)) : null;
}
