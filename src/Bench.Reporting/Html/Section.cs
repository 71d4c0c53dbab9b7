using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.TableBuilders;

namespace Bench.Reporting.Html;

/// <summary>The part of the page for one comparison.</summary>
/// <param name="Comparison">The methods.</param>
/// <param name="Headline">The result in a sentence.</param>
/// <param name="GenerationHeadline">The best generated text in a sentence; null without any.</param>
/// <param name="Tables">What was measured.</param>
/// <param name="Plots">Drawn figures of likelihood.</param>
/// <param name="Sweeps">Drawn figures of what swept values do.</param>
/// <param name="Frontiers">Drawn figures of what generation trades for what.</param>
internal sealed record Section(
    Comparison Comparison, string Headline, string? GenerationHeadline, ComparisonTables Tables, ImmutableArray<Plot> Plots, ImmutableArray<Plot> Sweeps, ImmutableArray<Plot> Frontiers);

/// <summary>A drawn figure.</summary>
/// <param name="Name">Its file name without extension.</param>
/// <param name="Caption">What is shown.</param>
/// <param name="Svg">The drawing.</param>
/// <param name="Data">The files that it is drawn from.</param>
internal sealed record Plot(string Name, string Caption, string Svg, ImmutableArray<string> Data);
