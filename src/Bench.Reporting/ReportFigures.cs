using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;

namespace Bench.Reporting;

/// <summary>The figures of a comparison, in the order of the page.</summary>
/// <param name="Likelihood">Training curves and test likelihood.</param>
/// <param name="Sweeps">What swept values do.</param>
/// <param name="Frontiers">What generation trades for what.</param>
internal sealed record ReportFigures(ImmutableArray<Figure> Likelihood, ImmutableArray<Figure> Sweeps, ImmutableArray<Figure> Frontiers)
{
    public IEnumerable<Figure> All => [.. Likelihood, .. Sweeps, .. Frontiers];

    /// <summary>Those that there are results for.</summary>
    public static ReportFigures Of(Comparison comparison)
    {
        string? scorer = Scorers.Of(comparison).FirstOrDefault();

        // Without a scorer there is no quality to trade for anything.
        Figure?[] scored = scorer is null
            ? []
            : [TemperatureFrontier.Build(comparison, scorer), StepsFrontier.Build(comparison, scorer),
                SpeedFrontier.Build(comparison, scorer), CorrectionStrength.Build(comparison, scorer)];
        return new(
            [
                .. new[] { TrainingCurves.Build(comparison), TimeCurves.Build(comparison), LikelihoodDots.Build(comparison) }
                    .OfType<Figure>(),
            ],
            [.. Sweep.Build(comparison, scorer)],
            [.. scored.Append(CacheSpeedUp.Build(comparison)).OfType<Figure>()]);
    }
}

/// <summary>Pictures that explain rather than report: they depend on no run.</summary>
internal static class Pictures
{
    /// <summary>A picture before it is drawn.</summary>
    public static Figure Figure(PictureGrid grid)
    {
        var figure = new Figure(grid.Name, grid.Caption, new PictureDrawing(grid));
        foreach (var panel in grid.Panels)
            figure.With($"{grid.Name}-{panel.Name}.csv", panel.Rows.Select(row => (IReadOnlyList<string>)row));
        return figure;
    }
}
