using System.Globalization;
using Bench.Reporting.TableBuilders;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class PublishedNumberTests
{
    private static readonly string Folder = Path.Combine(GoldenFile.Repository, "baselines", "published");

    [Fact]
    public void Every_published_number_reads() => Assert.InRange(PublishedNumber.ReadAll(Folder).Length, 100, 10_000);

    [Fact]
    public void No_number_is_there_twice()
    {
        var numbers = PublishedNumber.ReadAll(Folder);
        Assert.Equal(numbers.Length, numbers.Select(n => (n.Method, n.Metric, n.Dataset, n.Protocol, n.Paper, n.Value)).Distinct().Count());
    }

    [Fact]
    public void Two_values_of_one_quantity_never_come_from_one_place() =>
        Assert.DoesNotContain(
            PublishedNumber.ReadAll(Folder).GroupBy(n => (n.Method, n.Metric, n.Dataset, n.Protocol, n.Paper, n.Table)),
            group => group.Count() > 1);

    [Fact]
    public void Every_paper_is_in_the_bibliography_or_has_an_address()
    {
        var bibliography = Bibliography.Read(Path.Combine(Folder, "references.bib"));
        Assert.All(PublishedNumber.ReadAll(Folder), number =>
            Assert.True(bibliography.Keys.Contains(number.Paper, StringComparer.Ordinal) || bibliography.Address(number.Paper) is not null,
                number.Paper));
    }

    [Fact]
    public void Bits_per_character_are_below_those_of_a_fair_draw_and_a_fraction_is_one()
    {
        var numbers = PublishedNumber.ReadAll(Folder);
        Assert.All(numbers.Where(n => n.Unit == Units.BitsPerCharacter), n => Assert.InRange(n.Value, 1, Math.Log2(27)));
        Assert.All(numbers.Where(n => n.Metric == "mauve"), n => Assert.InRange(n.Value, 0, 1));
        Assert.All(numbers.Where(n => n.Metric == "entropy"), n => Assert.InRange(n.Value, 4, Math.Log(1024)));
        Assert.All(numbers.Where(n => n.Metric == LikelihoodMetrics.Perplexity.Name), n => Assert.InRange(n.Value, 10, 250));
    }

    [Theory]
    [InlineData("AR,likelihood,1.23,<,bits/char,text8,,x,,paper", "bound")]
    [InlineData("AR,likelihood,1.23,=,bits/char,text8,,x,,rumour", "certainty")]
    [InlineData("AR,likelihood,about 1,=,bits/char,text8,,x,,paper", "value")]
    public void A_wrong_row_is_named(string row, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text8.csv"], $"method,metric,value,bound,unit,dataset,protocol,paper,table,certainty\n{row}\n");
        string message = Assert.Throws<SuiteException>(() => PublishedNumber.ReadAll(folder.Path)).Message;
        Assert.Contains("text8.csv:2", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paper_is_found_by_key_and_by_number()
    {
        var bibliography = Bibliography.Read(Path.Combine(Folder, "references.bib"));
        Assert.Equal("von Rütte et al. 2025", bibliography.ShortName("vonrutte2025generalized"));
        Assert.Equal("von Rütte et al. 2025", bibliography.ShortName("von Rütte et al., arXiv:2503.04482"));
        Assert.Equal("Witten and Bell 1991", bibliography.ShortName("witten1991zero"));
        Assert.Equal("https://arxiv.org/abs/2406.07524", bibliography.Address("sahoo2024simple"));
        Assert.Equal("an unknown paper", bibliography.ShortName("an unknown paper"));
        Assert.StartsWith("@techreport{radford2018improving,", Assert.Single(bibliography.Cited(["Radford et al. 2018"])),
            StringComparison.Ordinal);
        Assert.StartsWith("@inproceedings{sahoo2024simple,", Assert.Single(bibliography.Cited(["arXiv:2406.07524", "sahoo2024simple", ""])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_entry_of_the_bibliography_is_read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "references.bib"));
        Assert.Equal(
            lines.Count(line => line.StartsWith('@')).ToString(CultureInfo.InvariantCulture),
            Bibliography.Read(Path.Combine(Folder, "references.bib")).Keys.Count().ToString(CultureInfo.InvariantCulture));
    }
}
