using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>One line of a frontier: what one method trades for what.</summary>
/// <param name="Method">Whose it is, for people; its colour.</param>
/// <param name="Family">One of <see cref="Comparisons.Family"/>.</param>
/// <param name="Series">What tells it from other lines of the method; empty when it is the only one.</param>
/// <param name="Points">In the order in which they are joined.</param>
internal sealed record Line(string Method, string Family, string Series, ImmutableArray<Point> Points)
{
    /// <summary>A line of one of our methods.</summary>
    public Line(MethodResult method, string series, ImmutableArray<Point> points)
        : this(method.Label, Comparisons.Family.Of(method), series, points)
    {
    }

    /// <summary>Its name at its end; empty for one that another line of the method explains.</summary>
    public string Label { get; init; } = Series.Length == 0 ? Method : $"{Method}, {Series}";

    /// <summary>0 is a dot, 1 a ring, others are further shapes.</summary>
    public int Mark { get; init; }
}

/// <summary>A point of a line.</summary>
/// <param name="At">The setting that the line runs through, such as <c>temperature 0.8</c>.</param>
/// <param name="X">Where it stands.</param>
/// <param name="Y">What was measured there.</param>
/// <param name="IsMain">It is the method's main setting, which tables show.</param>
internal sealed record Point(string At, double X, Measurement Y, bool IsMain);
