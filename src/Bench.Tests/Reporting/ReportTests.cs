using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
using Bench.Reporting;
using Bench.Reporting.Comparisons;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>One report of the synthetic results, for all tests that only look at it.</summary>
public sealed class BuiltReport : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public BuiltReport()
    {
        SyntheticResults.Write(folder["results"]);
        Report = Build(folder["results"], folder["reports"]);
    }

    public Report Report { get; }

    public string Root => folder["reports"];

    public static Report Build(string results, string reports) => Report.Build(
        results, Path.Combine(GoldenFile.Repository, "baselines", "published"), Path.Combine(GoldenFile.Repository, "reports", "figures"),
        reports);

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Dispose() => folder.Dispose();
}

public sealed class ReportTests(BuiltReport built) : IClassFixture<BuiltReport>
{
    private XDocument Page()
    {
        // The page is well-formed XML but for its first line.
        using var reader =
            XmlReader.Create(new StringReader(built.Read("index.html")), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    [Theory]
    [InlineData("likelihood.csv")]
    [InlineData("likelihood.md")]
    [InlineData("likelihood.tex")]
    [InlineData("terms.csv")]
    [InlineData("terms.md")]
    [InlineData("terms.tex")]
    [InlineData("environment.md")]
    [InlineData("published-text8.csv")]
    [InlineData("published-text8.md")]
    [InlineData("published-text8.tex")]
    [InlineData("published-lm1b.md")]
    public void A_table_is_as_it_was(string name) => GoldenFile.Matches(name, built.Read($"tables/{name}"));

    [Fact]
    public void Where_the_true_distribution_is_known_the_table_lists_its_entropy()
    {
        using var folder = new TemporaryFolder();
        var definition = SyntheticResults.Definition("smoke", "markov", "ar", "AR", "", seed: 1);
        using (var run = new RunStore(folder["results"]).Open(definition))
        {
            run.Begin(definition, SyntheticResults.Place);
            run.Write((Metric[])[
                new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, 1.301, 0.004, 512, "exact"),
                new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 1.2627, 0.0043, 512, "the true distribution"),
            ]);
            run.Finish(1);
        }

        var table = BuiltReport.Build(folder["results"], folder["reports"]).Main;
        Assert.Contains(table.Notes,
            note => note.StartsWith("Truth: the distribution that the text was drawn from needs 1.263 ± 0.004 bits/char",
                StringComparison.Ordinal));
        Assert.DoesNotContain(built.Report.Main.Notes, note => note.StartsWith("Truth", StringComparison.Ordinal));
    }

    [Fact]
    public void Ours_stand_beside_published_numbers_of_the_same_text_alone_and_another_protocol_is_marked()
    {
        string[] same = File.ReadAllLines(Path.Combine(built.Root, "tables", "published-text8.csv"));
        Assert.Contains("same_protocol", same[0], StringComparison.Ordinal);
        Assert.Contains(same,
            line => line.StartsWith("MDLM,", StringComparison.Ordinal) && line.Contains("2.913", StringComparison.Ordinal)
                && line.Contains("no: chunks of 128", StringComparison.Ordinal));

        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder["results"], "sotu");
        BuiltReport.Build(folder["results"], folder["reports"]);
        foreach (string table in (string[])["text8", "lm1b", "owt"])
            Assert.DoesNotContain("ours", File.ReadLines(folder["reports", "tables", $"published-{table}.csv"]).First(),
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_main_table_is_made_for_a_terminal_too() =>
        GoldenFile.Matches("likelihood.txt", $"{built.Report.Headline}\n\n{TextTable.Of(built.Report.Main)}");

    [Fact]
    public void The_data_of_figures_is_as_it_was()
    {
        GoldenFile.Matches("figure-likelihood.csv", built.Read("data/likelihood.csv"));
        GoldenFile.Matches("figure-training-curves.csv", built.Read("data/training-curves.csv"));
    }

    [Fact]
    public void Every_table_and_figure_is_there_in_every_format()
    {
        Assert.Equal("index.html", built.Report.Files[0]);
        Assert.All(built.Report.Files, file => Assert.True(File.Exists(Path.Combine(built.Root, file)), file));
        foreach (string figure in (string[])["training-curves", "likelihood"])
        {
            foreach (string format in (string[])["svg", "pdf", "png"])
                Assert.True(new FileInfo(Path.Combine(built.Root, "figures", $"{figure}.{format}")).Length > 2000, figure);
        }

        foreach (var tables in built.Report.Files.Where(file => file.StartsWith("tables/", StringComparison.Ordinal))
            .GroupBy(Path.GetFileNameWithoutExtension))
            Assert.Equal([".csv", ".md", ".tex"], tables.Select(Path.GetExtension));
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere()
    {
        var page = Page();
        Assert.DoesNotContain(page.Descendants(),
            element => element.Name.LocalName is "link" or "iframe" or "img" or "object" or "embed" or "base");
        Assert.DoesNotContain(page.Descendants().Attributes(),
            attribute => attribute.Name.LocalName is "src" or "srcset" or "data" or "action" or "background");
        Assert.DoesNotContain("url(", string.Concat(page.Descendants().Where(e => e.Name.LocalName == "style").Select(e => e.Value)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("@import", built.Read("index.html"), StringComparison.Ordinal);

        // Words may link to papers; a figure's parts refer to each other.
        foreach (var link in page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName == "href"))
        {
            bool isPaper = link.Value.StartsWith("https://arxiv.org/abs/", StringComparison.Ordinal)
                || link.Value.StartsWith("https://github.com/", StringComparison.Ordinal);
            Assert.True(isPaper || !link.Value.Contains(':', StringComparison.Ordinal), link.Value);
            Assert.True(!isPaper || link.Parent!.Name.LocalName == "a", link.Value);
        }
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        var page = Page();
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToHashSet(StringComparer.Ordinal);
        foreach (string link in page.Descendants().Where(e => e.Name.LocalName is "a" or "use").Attributes()
            .Where(a => a.Name.LocalName == "href").Select(a => a.Value).Where(l => !l.Contains(':', StringComparison.Ordinal)))
        {
            if (link.StartsWith('#'))
                Assert.Contains(link[1..], ids);
            else
                Assert.True(Path.Exists(Path.Combine(built.Root, Uri.UnescapeDataString(link))), link);
        }
    }

    [Fact]
    public void No_id_is_there_twice()
    {
        var ids = Page().Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_number_of_the_main_table_leads_to_its_run()
    {
        var table = Page().Descendants().First(element => element.Name.LocalName == "table");
        var numbers = table.Descendants().Where(e => e.Name.LocalName == "td" && e.Attribute("data-value") is not null).ToList();
        Assert.NotEmpty(numbers);

        // The number of seeds is counted, not measured.
        Assert.All(numbers.Where(cell => cell.Descendants().Any()),
            cell => Assert.Contains(cell.Descendants(), e => e.Name.LocalName == "a"));
        Assert.Contains("../results/runs/likelihood/", built.Read("index.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_run_keeps_its_row_and_says_why()
    {
        string page = built.Read("index.html");
        Assert.Contains("SEDD &amp; &lt;absorb&gt;_100%", page, StringComparison.Ordinal);
        Assert.Contains("failed: the loss is NaN at step 312", page, StringComparison.Ordinal);
        Assert.Contains("not finished: start it again", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_results_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder["results"]);
        var again = BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.Equal(built.Report.Files.AsEnumerable(), again.Files);
        foreach (string file in again.Files.Append("manifest.csv"))
            Assert.True(
                File.ReadAllBytes(Path.Combine(built.Root, file)).AsSpan().SequenceEqual(File.ReadAllBytes(folder["reports", file])), file);
    }

    [Fact]
    public void Neither_the_order_of_runs_nor_that_of_likelihoods_shows_in_a_table()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder["results"]);
        SyntheticGeneration.Write(folder["results"], methods: 4);
        var runs = new RunStore(folder["results"]).ReadAll();
        // Other texts, settings and scorers are shown in the order of their rows, which is that of the definition.
        RunRecord[] turned = [.. runs.Reverse()
            .Select(run => run.Experiment == SyntheticResults.Experiment ? run with { Metrics = [.. run.Metrics.Reverse()] } : run)];
        Assert.Equal(Tables(runs), Tables([.. turned]));

        string[] Tables(ImmutableArray<RunRecord> of) =>
        [
            .. Comparison.All(of)
                .SelectMany(comparison => ComparisonTables.Build(comparison, Scorers.Trained(of), [], new RunLinks(folder["reports"])).All)
                .Append(EnvironmentTable.Build(of))
                .Select(table => $"{table.Caption}\n{TextTable.Of(table)}"),
        ];
    }

    [Fact]
    public void Only_outdated_files_of_a_report_are_deleted()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder["results"]);
        SyntheticResults.Network(new RunStore(folder["results"]), "another text", "ar", "AR", "", 1, 2.4, 0.01, isBound: false,
            experiment: "another one");
        var both = BuiltReport.Build(folder["results"], folder["reports"]);
        string other = both.Files.Single(
            file => file.StartsWith("tables/likelihood-another-one", StringComparison.Ordinal)
                && file.EndsWith(".csv", StringComparison.Ordinal));
        File.WriteAllText(folder["reports", "mine.txt"], "");
        File.WriteAllText(folder["outside.txt"], "");
        File.AppendAllText(folder["reports", "manifest.csv"], "../outside.txt,0\n");

        Directory.Delete(folder["results"], recursive: true);
        SyntheticResults.Write(folder["results"]);
        BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.False(File.Exists(folder["reports", other]));
        Assert.True(File.Exists(folder["reports", "tables/likelihood.csv"]));
        Assert.True(File.Exists(folder["reports", "mine.txt"]));
        Assert.True(File.Exists(folder["outside.txt"]));
    }

    [Fact]
    public void Without_runs_there_is_nothing_to_report()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("make reproduce", Assert.Throws<SuiteException>(() => BuiltReport.Build(folder["results"], folder["reports"])).Fix,
            StringComparison.Ordinal);
    }
}
