using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Html;

/// <summary>What the page says about one comparison.</summary>
/// <param name="Comparison">The methods.</param>
/// <param name="Headline">The result in a sentence.</param>
/// <param name="Main">The likelihood table.</param>
/// <param name="Terms">What the bounds are made of; null without bounds.</param>
/// <param name="Plots">Drawn figures.</param>
internal sealed record Section(Comparison Comparison, string Headline, Table Main, Table? Terms, ImmutableArray<Plot> Plots);

/// <summary>A drawn figure.</summary>
/// <param name="Name">Its file name without extension.</param>
/// <param name="Caption">What is shown.</param>
/// <param name="Svg">The drawing.</param>
internal sealed record Plot(string Name, string Caption, string Svg);
