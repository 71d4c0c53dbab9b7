using System.Globalization;

namespace Bench.Experiments.Keys;

/// <summary>The range of a number, either end in it or not.</summary>
internal readonly record struct Interval(double Least, double Most, bool OpenLeast = false, bool OpenMost = false)
{
    public bool Contains(double value) =>
        (OpenLeast ? value > Least : value >= Least) && (OpenMost ? value < Most : value <= Most);

    /// <inheritdoc/>
    public override string ToString() => $"{(OpenLeast ? '(' : '[')}{Text(Least)}, {Text(Most)}{(OpenMost ? ')' : ']')}";

    private static string Text(double end) => end.ToString(end == Math.Floor(end) ? "F0" : "R", CultureInfo.InvariantCulture);
}
