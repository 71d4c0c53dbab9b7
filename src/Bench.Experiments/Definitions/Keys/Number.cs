using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>A number in a range, for a reason.</summary>
/// <param name="range">Where it lies.</param>
/// <param name="why">Completes "..., but": "it counts updates".</param>
/// <param name="advice">What to write instead.</param>
internal sealed class Number<T>(Interval range, string why, string advice) : Kind<T>
    where T : struct, INumber<T>
{
    private static readonly bool IsWhole = typeof(T) != typeof(double);

    /// <inheritdoc/>
    public override string Expected => $"a {(IsWhole ? "whole number" : "number")} in {range}";

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["type"] = IsWhole ? "integer" : "number",
        [range.OpenLeast ? "exclusiveMinimum" : "minimum"] = range.Least,
        [range.OpenMost ? "exclusiveMaximum" : "maximum"] = range.Most,
    };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out T value)
    {
        value = default;
        if (node is not Scalar { IsPlain: true } scalar || !TryParse(scalar.Text, out double number))
            return Refuse(node, path, report, out value);
        if (range.Contains(number)
            && T.TryParse(
                scalar.Text, IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return true;
        report.Add(node, $"{path} is {scalar.Text}, but {why} and lies in {range}", advice);
        return false;
    }

    // A whole number beyond 64 bits is out of range, not out of kind.
    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && !text.AsSpan().ContainsAny("yN∞");
}

/// <summary>The range of a number, either end in it or not.</summary>
internal readonly record struct Interval(double Least, double Most, bool OpenLeast = false, bool OpenMost = false)
{
    public bool Contains(double value) =>
        (OpenLeast ? value > Least : value >= Least) && (OpenMost ? value < Most : value <= Most);

    /// <inheritdoc/>
    public override string ToString() => $"{(OpenLeast ? '(' : '[')}{Text(Least)}, {Text(Most)}{(OpenMost ? ')' : ']')}";

    private static string Text(double end) => end.ToString(end == Math.Floor(end) ? "F0" : "R", CultureInfo.InvariantCulture);
}
