using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Claims;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Html;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Reporting.Validity;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Runs;

namespace Bench.Reporting;

/// <summary>A report that was built.</summary>
/// <param name="Files">Everything written, relative to the report's folder; the page comes first.</param>
/// <param name="Main">The main table, for a terminal.</param>
/// <param name="Headline">The main result in a sentence.</param>
/// <param name="Generated">The best generated text in a sentence; null where none was compared with real text.</param>
public sealed record Report(ImmutableArray<string> Files, Table Main, string Headline, string? Generated)
{
    /// <summary>
    /// Makes tables, figures and <c>index.html</c> from the run folders and nothing else. The same runs give the same
    /// bytes, so a report can be deleted at any time.
    /// </summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the CSV files of published numbers and <c>references.bib</c>.</param>
    /// <param name="figuresRoot">Holds the style file of figures.</param>
    /// <param name="outputRoot">Where the report goes.</param>
    /// <param name="claims">The claims to test; null for none.</param>
    /// <param name="pictures">What the methods do, drawn beside what came of it.</param>
    /// <exception cref="SuiteException">
    /// There are no runs, a number of theirs is impossible, a file is damaged, the style file has a mistake, or the output cannot be
    /// written.
    /// </exception>
    public static Report Build(string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot,
        IReadOnlyList<Claim>? claims = null, params IReadOnlyList<PictureGrid> pictures)
    {
        // Before anything is read: what changes meanwhile makes the report stale.
        var inputs = Inputs.Now(resultsRoot, publishedRoot, figuresRoot, claims ?? [], pictures);
        var runs = new RunStore(resultsRoot).ReadAll();
        if (runs.Length == 0)
            throw new SuiteException($"There are no runs under {Path.Combine(resultsRoot, "runs")}, so there is nothing to report.",
                "Run `make reproduce`, or `bench run` on an experiment, first.");
        ValueRules.Require(runs);

        var style = StyleFile.Load(figuresRoot);
        var links = new RunLinks(outputRoot);
        var tables = ReportTables.Of(runs, publishedRoot, claims ?? [], links);
        var (comparisons, contents, bibliography) = (tables.Comparisons, tables.Contents, tables.Bibliography);
        var output = new ReportFolder(outputRoot);
        foreach (var table in tables.All)
            output.Write(table);

        // All at once: drawing is most of the work, and as many figures are drawn side by side as there are cores.
        ImmutableArray<ImmutableArray<Figure>> figures =
        [
            .. comparisons.Select(ReportFigures.Of).SelectMany(of => (ImmutableArray<Figure>[])[of.Likelihood, of.Sweeps, of.Frontiers]),
            [.. pictures.Select(Pictures.Figure)],
        ];
        var drawn = output.Draw(style, figures);
        ImmutableArray<Section> sections =
        [
            .. comparisons.Select((comparison, i) => new Section(
                comparison,
                TableBuilders.Headline.Of(comparison),
                GenerationHeadline.Of(comparison),
                contents[i],
                drawn[3 * i],
                drawn[(3 * i) + 1],
                drawn[(3 * i) + 2])),
        ];
        var bibtex = bibliography.Cited(runs.Select(run => run.Definition.Paper));
        output.Write(Page.Name,
            new Page(sections, drawn[^1], [.. tables.Scorers.Except(comparisons.SelectMany(comparison => comparison.Methods))],
                tables.Environment, tables.Published, bibtex, links) { HasClaims = tables.Claims is not null }.Write());
        if (tables.Claims is { } verdicts)
            output.Write(ClaimsPage.Name, new ClaimsPage(tables.Tested, verdicts, bibliography, links).Write());
        output.Write(Inputs.Name, Inputs.Text(inputs));
        // Imported networks are measured on the texts of their papers alone.
        var main = tables.AsPublished is { } asPublished && comparisons[0].Methods.All(method => method.Bits(Splits.Test) is null)
            ? asPublished
            : contents[0].Likelihood;
        return new Report(output.Finish(), main, sections[0].Headline, sections[0].GenerationHeadline);
    }
}

/// <summary>All tables of a report, before anything is written.</summary>
/// <param name="Comparisons">What is compared, the main one first.</param>
/// <param name="Contents">The tables of each comparison.</param>
/// <param name="Scorers">Runs that trained scorers.</param>
/// <param name="Environment">Where runs were made.</param>
/// <param name="AsPublished">Numbers as papers' programs compute them; null without any.</param>
/// <param name="Published">The tables of published numbers, <paramref name="AsPublished"/> first.</param>
/// <param name="Tested">The claims with their verdicts.</param>
/// <param name="Claims">The same as a table; null without any.</param>
/// <param name="Bibliography">The papers.</param>
internal sealed record ReportTables(
    ImmutableArray<Comparison> Comparisons, ImmutableArray<ComparisonTables> Contents, ImmutableArray<MethodResult> Scorers,
    Table Environment, Table? AsPublished, ImmutableArray<Table> Published, ImmutableArray<TestedClaim> Tested, Table? Claims,
    Bibliography Bibliography)
{
    /// <summary>In the order in which they are written.</summary>
    public IEnumerable<Table> All =>
        [.. Contents.SelectMany(tables => tables.All), Environment, .. Published, .. Claims is null ? (Table[])[] : [Claims]];

    /// <summary>Of runs.</summary>
    /// <param name="runs">All that there are.</param>
    /// <param name="publishedRoot">Holds the CSV files of published numbers and <c>references.bib</c>.</param>
    /// <param name="claims">The claims to test.</param>
    /// <param name="links">From the report to the runs.</param>
    public static ReportTables Of(ImmutableArray<RunRecord> runs, string publishedRoot, IReadOnlyList<Claim> claims, RunLinks links)
    {
        var bibliography = Bibliography.Read(Path.Combine(publishedRoot, "references.bib"));
        var comparisons = Comparison.All(runs);
        var numbers = PublishedNumber.ReadAll(publishedRoot);
        var asPublished = new AsPublishedTable(runs, numbers, bibliography, links).Build();
        var scorers = Reporting.Comparisons.Scorers.Trained(runs);
        var tested = TestedClaim.All(claims, runs);
        return new(
            comparisons,
            [.. comparisons.Select(comparison => ComparisonTables.Build(comparison, scorers, numbers, links))],
            scorers,
            EnvironmentTable.Build(runs),
            asPublished,
            [
                .. asPublished is null ? (Table[])[] : [asPublished],
                .. new PublishedTables(numbers, comparisons, bibliography, links).Build(),
            ],
            tested,
            ClaimsTable.Build(tested, bibliography),
            bibliography);
    }
}
