using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Content;
using Bench.Reporting.Figures;
using Bench.Reporting.Html;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting;

/// <summary>A report that was built.</summary>
/// <param name="Files">Everything written, relative to the report's folder; the page comes first.</param>
/// <param name="Main">The main table, for a terminal.</param>
/// <param name="Headline">The main result in a sentence.</param>
public sealed record Report(ImmutableArray<string> Files, Table Main, string Headline)
{
    /// <summary>
    /// Makes tables, figures and <c>index.html</c> from the run folders and nothing else. The same runs give the same
    /// bytes, so a report can be deleted at any time.
    /// </summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the CSV files of published numbers and <c>references.bib</c>.</param>
    /// <param name="figuresRoot">Holds the gnuplot templates.</param>
    /// <param name="outputRoot">Where the report goes.</param>
    /// <exception cref="SuiteException">There are no runs, a file is damaged, gnuplot is missing, or the output cannot be written.</exception>
    public static Report Build(string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot)
    {
        var runs = new RunStore(resultsRoot).ReadAll();
        if (runs.Length == 0)
            throw new SuiteException($"There are no runs under {Path.Combine(resultsRoot, "runs")}, so there is nothing to report.", "Run `make reproduce`, or `bench run` on an experiment, first.");

        var links = new RunLinks(outputRoot);
        var bibliography = Bibliography.Read(Path.Combine(publishedRoot, "references.bib"));
        var comparisons = Comparison.All(runs);
        var environment = EnvironmentTable.Build(runs);
        var published = new PublishedTables(PublishedNumber.ReadAll(publishedRoot), comparisons, bibliography, links).Build();

        // Tables before figures: a machine without gnuplot has them at least.
        var output = new ReportFolder(outputRoot);
        var tables = comparisons.Select(comparison => (Main: new LikelihoodTable(comparison, links).Build(), Terms: TermsTable.Build(comparison, links))).ToList();
        foreach (var table in tables.SelectMany(pair => (Table?[])[pair.Main, pair.Terms]).OfType<Table>().Append(environment).Concat(published))
            output.Write(table);

        ImmutableArray<Section> sections =
        [
            .. comparisons.Zip(tables, (comparison, pair) => new Section(
                comparison,
                Content.Headline.Of(comparison),
                pair.Main,
                pair.Terms,
                output.Draw(figuresRoot, new[] { TrainingCurves.Build(comparison), LikelihoodDots.Build(comparison) }.OfType<Figure>()))),
        ];
        var bibtex = bibliography.Cited(runs.Select(run => run.Definition.Paper));
        output.Write("index.html", new Page(sections, environment, published, bibtex, links).Write());
        return new Report(output.Finish(), sections[0].Main, sections[0].Headline);
    }
}
