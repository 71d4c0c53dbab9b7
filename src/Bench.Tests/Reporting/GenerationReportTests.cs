using System.Xml;
using System.Xml.Linq;
using Bench.Reporting;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>One report of all methods' generation, for all tests that only look at it.</summary>
public sealed class BuiltGeneration : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public BuiltGeneration()
    {
        SyntheticGeneration.Write(folder["results"]);
        Report = BuiltReport.Build(folder["results"], folder["reports"]);
    }

    public Report Report { get; }

    public string Root => folder["reports"];

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Dispose() => folder.Dispose();
}

public sealed class GenerationReportTests(BuiltGeneration built) : IClassFixture<BuiltGeneration>
{
    private static readonly string[] Frontiers = ["temperature", "steps", "speed", "correction", "cache"];

    private static XDocument Page(string root)
    {
        // The page is well-formed XML but for its first line.
        using var reader = XmlReader.Create(new StringReader(File.ReadAllText(Path.Combine(root, "index.html"))),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    [Theory]
    [InlineData("zero-shot.md")]
    [InlineData("zero-shot.csv")]
    [InlineData("generation.md")]
    [InlineData("generation.csv")]
    [InlineData("generation.tex")]
    [InlineData("throughput.md")]
    [InlineData("throughput.csv")]
    [InlineData("correction.md")]
    [InlineData("correction.tex")]
    public void A_table_of_generation_is_as_it_was(string name) => GoldenFile.Matches(name, built.Read($"tables/{name}"));

    [Theory]
    [InlineData("temperature"), InlineData("steps"), InlineData("speed"), InlineData("correction"), InlineData("cache")]
    public void A_frontier_is_drawn_in_every_format_from_the_data_beside_it(string name)
    {
        foreach (string format in (string[])["svg", "pdf", "png"])
            Assert.True(new FileInfo(Path.Combine(built.Root, "figures", $"frontier-{name}.{format}")).Length > 4000, format);
        Assert.Contains($"data/frontier-{name}.csv", built.Report.Files);
    }

    [Fact]
    public void The_main_table_and_the_samples_take_speed_and_entropy_from_there()
    {
        string table = built.Read("tables/likelihood.md");
        string Sampling(string method) =>
            table.Split('\n').Single(line => line.StartsWith($"| {method} |", StringComparison.Ordinal)).Split(" | ")[7];
        Assert.Equal(("41.4k", "2.81k"), (Sampling("AR (GPT)"), Sampling("MDLM"))); // without errors, as of all speeds there
        Assert.StartsWith("–", Sampling("6-gram"), StringComparison.Ordinal);
        Assert.Contains("no generation was measured", table, StringComparison.Ordinal);
        var card = Page(built.Root).Descendants()
            .Single(element => element.Name.LocalName == "article" && element.Value.StartsWith("AR (GPT)", StringComparison.Ordinal));
        Assert.Contains(" · entropy 2.724 ± 0.009 nats", card.Value, StringComparison.Ordinal);
        var link = Page(built.Root).Descendants().First(element => element.Name.LocalName == "a" && element.Value == "41.4k");
        Assert.EndsWith("/generation.csv", link.Attribute("href")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_frontiers_is_as_it_was()
    {
        GoldenFile.Matches("frontier-speed.csv", built.Read("data/frontier-speed.csv"));
        GoldenFile.Matches("frontier-temperature.csv", built.Read("data/frontier-temperature.csv"));
        GoldenFile.Matches("frontier-correction.csv", built.Read("data/frontier-correction.csv"));
    }

    [Fact]
    public void The_page_has_every_section_and_no_id_twice()
    {
        var page = Page(built.Root);
        string[] headings = [.. page.Descendants().Where(element => element.Name.LocalName == "h2").Select(element => element.Value)];
        Assert.Equal(
            ["Text of other kinds", "Generated text", "Correction of generated text", "Speed of generation", "Samples",
                "Terms of the bounds", "How to read this", "Published numbers", "Environment", "Runs"],
            headings);
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("It means nothing without the entropy beside it", page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_long_samples_are_folded_and_none_is_left_out()
    {
        var page = Page(built.Root);
        Assert.Contains(page.Descendants(), element => element.Name.LocalName == "summary" && element.Value == "12 more");
        Assert.Equal(SyntheticGeneration.Methods.Length + 2, page.Descendants().Count(element => element.Name.LocalName == "article"));
    }

    [Fact]
    public void The_training_run_of_a_scorer_is_in_no_table_but_is_described_and_listed()
    {
        Assert.DoesNotContain(built.Report.Files, file => file.Contains("-judge", StringComparison.Ordinal)); // stored name
        Assert.Contains(
            "Scorer judge-ar, AR scorer trained apart from the methods: needs 1.620 ± 0.010 bits/char", // stored name
            built.Read("tables/generation.md"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("AR scorer", built.Read("tables/likelihood.md"), StringComparison.Ordinal);
        Assert.Contains(Page(built.Root).Descendants(), element => element.Name.LocalName == "td" && element.Value == "AR scorer");
    }

    [Fact]
    public void The_sentence_on_texts_orders_none_of_them()
    {
        Assert.StartsWith(
            "Under judge-ar the test text has perplexity 2.88 ± 0.06 per character and entropy 2.742 ± 0.009 nats; " // stored name
                + "the texts of 19 networks have perplexity from 4.89 ± 0.11 to ",
            built.Report.Generated, StringComparison.Ordinal);
        Assert.DoesNotContain(
            SyntheticGeneration.Methods, method => built.Report.Generated!.Contains(method.Title, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_generation_a_report_has_none_of_this()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder["results"]);
        var report = BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.Null(report.Generated);
        Assert.DoesNotContain(report.Files,
            file => Frontiers.Append("generation").Append("throughput").Append("zero-shot").Any(
                name => file.Contains(name, StringComparison.Ordinal)));
        Assert.DoesNotContain("Generated text", File.ReadAllText(folder["reports", "index.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void One_method_alone_is_reported()
    {
        using var folder = new TemporaryFolder();
        SyntheticGeneration.Write(folder["results"], methods: 1);
        var report = BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.Contains("figures/frontier-cache.png", report.Files);
        Assert.DoesNotContain("tables/correction.csv", report.Files);
        Assert.DoesNotContain("Grey:", File.ReadAllText(folder["reports", "index.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Infinite_values_are_printed_undefined_ones_have_their_reason_and_neither_is_drawn()
    {
        using var folder = new TemporaryFolder();
        var setting = new GenerationSetting("ancestral", 64);
        GenerationMetric[] rows =
        [
            new(
                setting,
                ScoredText.Perplexity.Name,
                "truth",
                Units.PerplexityPerCharacter,
                double.PositiveInfinity,
                double.NaN,
                12.5,
                double.PositiveInfinity,
                4),
            new(setting, SampleEntropy.Metric.Name, "", Units.Nats, 0, 0, 0, 0, 4),
            GenerationMetric.NotDefined(setting, SelfBleu.Metric.Name, "", Units.None, 1, "less than two sequences have words"),
            new(setting, GenerationCosts.TokensPerSecond.Name, "", Units.TokensPerSecond, 0),
        ];
        SyntheticGeneration.Run(new RunStore(folder["results"]), "smoke", "mdlm", "MDLM", [], rows);
        var report = BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.DoesNotContain(report.Files, file => file.Contains("frontier", StringComparison.Ordinal));
        string table = File.ReadAllText(folder["reports", "tables/generation.md"]);
        Assert.Contains("| MDLM | ∞ | 0.000 | –<sup>a</sup> |\n", table, StringComparison.Ordinal);
        Assert.Contains("<sup>a</sup> less than two sequences have words\n", table, StringComparison.Ordinal);
        Assert.DoesNotContain("undefined", table, StringComparison.Ordinal);
        Assert.Contains("the scorer rules out a character", table, StringComparison.Ordinal);
        Assert.Contains(@"$\infty$", File.ReadAllText(folder["reports", "tables/generation.tex"]), StringComparison.Ordinal);
        Assert.Contains("MDLM,∞".Replace("∞", "Infinity", StringComparison.Ordinal),
            File.ReadAllText(folder["reports", "tables/generation.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mean_over_fewer_seeds_than_there_are_says_so()
    {
        using var folder = new TemporaryFolder();
        var setting = new GenerationSetting("ancestral", 64);
        var store = new RunStore(folder["results"]);
        SyntheticGeneration.Run(
            store,
            "smoke",
            "mdlm",
            "MDLM",
            [],
            [
                new(setting, SampleEntropy.Metric.Name, "", Units.Nats, 2.5, Count: 8),
                GenerationMetric.NotDefined(setting, SelfBleu.Metric.Name, "", Units.None, 1, "less than two sequences have words"),
            ]);
        SyntheticGeneration.Run(
            store,
            "smoke",
            "mdlm",
            "MDLM",
            [],
            [
                new(setting, SampleEntropy.Metric.Name, "", Units.Nats, 2.5, Count: 8),
                new(setting, SelfBleu.Metric.Name, "", Units.None, 0.25, Count: 8),
            ],
            seed: 2);
        BuiltReport.Build(folder["results"], folder["reports"]);
        string table = File.ReadAllText(folder["reports", "tables/generation.md"]);
        Assert.Contains("| MDLM | 2.500 | 0.250 |", table, StringComparison.Ordinal);
        Assert.Contains("Not over every seed: self-bleu of MDLM: less than two sequences have words.", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_perplexity_never_stands_without_a_column_of_entropy()
    {
        using var folder = new TemporaryFolder();
        SyntheticGeneration.Run(
            new RunStore(folder["results"]),
            "smoke",
            "mdlm",
            "MDLM",
            [],
            [new(new("ancestral", 64), ScoredText.Perplexity.Name, "truth", Units.PerplexityPerCharacter, 4.5)]);
        BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.Contains("| MDLM | 4.50 | –<sup>a</sup> |", File.ReadAllText(folder["reports", "tables/generation.md"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_name_is_markup_or_a_command()
    {
        const string title = "A \"b\" 'c', <d> & e_100%";
        using var folder = new TemporaryFolder();
        var main = new GenerationSetting("top'p, <x> & _y", 64);
        SyntheticGeneration.Run(
            new RunStore(folder["results"]), "smoke", "mdlm", title, [],
            [.. SyntheticGeneration.Quality(main, 9, 2.7, 0.5),
                .. SyntheticGeneration.Quality(main with { Temperature = 0.5 }, 5, 2.4, 0.4)]);
        BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.Contains(Page(folder["reports"]).Descendants(),
            element => element.Name.LocalName == "text" && element.Value.Trim() == title);
        Assert.Contains("top'p, &lt;x&gt; &amp; \\_y", File.ReadAllText(folder["reports", "tables/generation.md"]),
            StringComparison.Ordinal);
        Assert.Contains(@"top'p, \textless{}x\textgreater{} \& \_y", File.ReadAllText(folder["reports", "tables/generation.tex"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_true_distribution_is_known_the_table_lists_each_models_distance_from_it()
    {
        using var folder = new TemporaryFolder();
        Metric[] metrics =
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, 1.301, 0.004, 512, "bound"),
            new(BoundMetrics.Diffusion.Name, Splits.Test, Units.NatsPerCharacter, 0.9, 0.003, 512, "bound"),
            new(LikelihoodMetrics.KlFromTruth.Name, Splits.Test, Units.NatsPerCharacter, 0.0266, 0.0011, 512, "paired"),
        ];
        SyntheticGeneration.Run(new RunStore(folder["results"]), "smoke", "mdlm", "MDLM", metrics, []);
        BuiltReport.Build(folder["results"], folder["reports"]);
        string table = File.ReadAllText(folder["reports", "tables/likelihood.md"]);
        Assert.Contains("KL from truth (nats/char)", table, StringComparison.Ordinal);
        Assert.Contains("≤ 0.0266 ± 0.0011", table, StringComparison.Ordinal);
    }
}
