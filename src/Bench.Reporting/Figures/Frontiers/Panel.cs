using System.Collections.Immutable;
using Bench.Reporting.Comparisons;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>One of the plots that stand above each other. Those with the same vertical axis have one range, and each shows the others' lines in grey.</summary>
/// <param name="Title">What its lines have in common; empty when it is the only one.</param>
/// <param name="Vertical">Its vertical axis.</param>
/// <param name="Lines">At least one.</param>
internal sealed record Panel(string Title, Axis Vertical, ImmutableArray<Line> Lines)
{
    /// <summary>Values to compare with, dashed across the panel, and what they are called.</summary>
    public ImmutableArray<(double Value, string Name)> Levels { get; init; } = [];

    // So many methods can be told apart by colour in one plot.
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
