namespace Bench.Reporting.Statistics;

/// <summary>A 95 % interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end; not symmetric about the value where the number's law is not.</param>
public readonly record struct Interval(double Low, double High)
{
    // A normal law lies this many standard errors about its mean in 95 of 100 cases.
    internal const double Reach = 1.959964;

    /// <summary>Such as <c>[7.31, 7.55]</c>, with that many digits after the point.</summary>
    internal string Text(NumberFormat format) => $"[{format.Text(Low)}, {format.Text(High)}]";

    /// <summary>The decimal place that the interval's width supports, as if it were that of a normal law; null where it has none.</summary>
    internal int? Place => double.IsFinite(Low) && double.IsFinite(High) && High > Low ? Rounding.Place((High - Low) / (2 * Reach)) : null;
}
