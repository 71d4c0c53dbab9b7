using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>
/// One of the plots that stand above each other. Those with the same vertical axis have one range, and each shows the others' lines in
/// grey.
/// </summary>
/// <param name="Title">What its lines have in common; empty when it is the only one.</param>
/// <param name="Vertical">Its vertical axis.</param>
/// <param name="Lines">At least one.</param>
internal sealed record Panel(string Title, Axis Vertical, ImmutableArray<Line> Lines)
{
    /// <summary>Values to compare with, dashed across the panel, and what they are called.</summary>
    public ImmutableArray<(double Value, string Name)> Levels { get; init; } = [];

    /// <summary>Whether its range is its own, and no other panel's lines are shown in it, whatever their axes.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether two panels have one range, and each shows the other's lines in grey.</summary>
    public bool IsLike(Panel other) => other == this || (other.Vertical == Vertical && !IsAlone && !other.IsAlone);

    // So many methods can be distinguished by colour in one plot.
    private const int Few = 6;

    /// <summary>A panel a family, or one for all when they are few. None without lines.</summary>
    public static ImmutableArray<Panel> ByFamily(Axis vertical, ImmutableArray<Line> lines)
    {
        if (lines.Select(line => line.Method).Distinct(StringComparer.Ordinal).Count() <= Few)
            return lines.IsEmpty ? [] : [new("", vertical, lines)];

        return
        [
            .. Family.All
                .Select(family => new Panel(family.Title, vertical, [.. lines.Where(line => line.Family == family.Title)]))
                .Where(panel => !panel.Lines.IsEmpty),
        ];
    }
}

/// <summary>One line of a frontier: what one method trades for what.</summary>
/// <param name="Method">The label of its method, which gives its colour.</param>
/// <param name="Family">The title of one of <see cref="Comparisons.Family"/>; empty for none.</param>
/// <param name="Series">What distinguishes it from other lines of the method; empty when it is the only one.</param>
/// <param name="Points">In the order in which they are joined.</param>
internal sealed record Line(string Method, string Family, string Series, ImmutableArray<Point> Points)
{
    /// <summary>A line of one of our methods.</summary>
    public Line(MethodResult method, string series, ImmutableArray<Point> points)
        : this(method.Label, Comparisons.Family.Of(method).Title, series, points)
    {
        IsBaseline = method.NGramOrder is not null;
        Place = method.Place;
    }

    /// <summary>Whether it is there to be compared with, in grey.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>The method's place in its family; null where that is not known, and names alone distinguish lines.</summary>
    public int? Place { get; init; }

    /// <summary>Its name at its end; empty for one that another line of the method explains.</summary>
    public string Label { get; init; } = Series.Length == 0 ? Method : $"{Method}, {Series}";

    /// <summary>0 is a dot, 1 a ring, 2 a square, 3 an open square and so on.</summary>
    public int Mark { get; init; }
}

/// <summary>A point of a line.</summary>
/// <param name="At">The setting that the line runs through, such as <c>temperature 0.8</c>.</param>
/// <param name="X">Where it stands.</param>
/// <param name="Y">What was measured there.</param>
/// <param name="IsMain">It is the method's main setting, which tables show.</param>
internal sealed record Point(string At, double X, Measurement Y, bool IsMain)
{
    /// <summary>The standard error of <see cref="X"/>; null where none was estimated.</summary>
    public double? XError { get; init; }
}
