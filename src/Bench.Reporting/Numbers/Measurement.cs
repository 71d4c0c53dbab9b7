namespace Bench.Reporting.Numbers;

/// <summary>A number that may carry a standard error and may be a bound.</summary>
/// <param name="Value">The number.</param>
/// <param name="StandardError">One standard error in the same unit; null or zero where none was estimated.</param>
/// <param name="IsUpperBound">The true value is at most this one.</param>
public readonly record struct Measurement(double Value, double? StandardError = null, bool IsUpperBound = false)
{
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

    /// <summary>Such as <c>≤ 2.413 ± 0.009</c>.</summary>
    public string Text(NumberFormat withoutError)
    {
        var (value, error) = Round(withoutError);
        return (IsUpperBound ? AtMost : "") + value + (error is null ? "" : $" ± {error}");
    }
}
