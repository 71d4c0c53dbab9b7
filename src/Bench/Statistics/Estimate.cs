namespace Bench.Statistics;

/// <summary>A statistic over sequences, and how far to trust it.</summary>
/// <param name="Value">The statistic of the sequences that there are; NaN where it is not defined.</param>
/// <param name="StandardError">How much it would vary with other sequences of the same kind; null where that cannot be told.</param>
/// <param name="Low">The lower end of the 95 % interval; null likewise.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">How many sequences it rests on.</param>
public sealed record Estimate(double Value, double? StandardError, double? Low, double? High, int Count)
{
    /// <summary>The normal law has 95 % of its mass within so many standard deviations.</summary>
    private const double Normal95 = 1.959963984540054;

    /// <summary>A value whose error is not known.</summary>
    public static Estimate Bare(double value, int count) => new(value, null, null, null, count);

    /// <summary>Of a value that varies by the normal law; an error that is not a number is not known.</summary>
    public static Estimate Normal(double value, double error, int count) =>
        double.IsFinite(error) ? new(value, error, value - (Normal95 * error), value + (Normal95 * error), count) : Bare(value, count);

    /// <summary>Of a quantity that lies in [0, 1]: so does its interval.</summary>
    public Estimate OfShare() => this with { Low = Low is { } low ? Math.Max(0, low) : null, High = High is { } high ? Math.Min(1, high) : null };
}
