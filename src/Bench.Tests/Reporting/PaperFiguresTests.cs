using System.Text.RegularExpressions;
using Bench.Cli.Illustrations;
using Bench.Reporting;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>The paper's figures and tables, from results of all methods.</summary>
public sealed class PaperFiguresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ours_and_published_numbers_stand_in_columns_of_their_own()
    {
        SyntheticGeneration.Write(folder["results"]);
        string[] files = Build();
        Assert.Equal("README.md", files[0]);
        Assert.All(["likelihood", "zero-shot", "acs", "quality-diversity"], table => Assert.Contains($"tables/{table}.csv", files));
        Assert.All(["frontier-quality-diversity", "frontier-quality-diversity-published", "hyperschedules"],
            figure => Assert.All(["svg", "pdf", "png"], format => Assert.Contains($"figures/{figure}.{format}", files)));

        // A label may have a comma.
        string[] zero = [.. File.ReadAllLines(folder["paper", "tables", "zero-shot.csv"])
            .Select(line => Regex.Replace(line, "\"[^\"]*\"", "label", RegexOptions.NonBacktracking))];
        string[] header = zero[0].Split(',');
        Assert.Contains("novels_bits_per_character", header);
        int published = Array.IndexOf(header, "published_wikitext");

        // hdlm.md 10.1: the γ-hybrid on WikiText.
        Assert.Equal("30", zero.Single(line => line.StartsWith("γ-Hybrid", StringComparison.Ordinal)).Split(',')[published]);
        string index = File.ReadAllText(folder["paper", "README.md"]);
        Assert.Contains("the paper's number was not recovered", File.ReadAllText(folder["paper", "tables", "likelihood.md"]),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Not made yet", index, StringComparison.Ordinal);
        Assert.All(files.Where(file => file.StartsWith("figures/", StringComparison.Ordinal)),
            file => Assert.Contains($"]({file})", index, StringComparison.Ordinal));
        Assert.Equal(files, Build());
    }

    [Fact]
    public void Figures_without_results_are_left_out_and_named()
    {
        SyntheticResults.Write(folder["results"]);
        string[] files = Build();
        Assert.Contains("tables/likelihood.csv", files);
        Assert.DoesNotContain("tables/acs.csv", files);
        Assert.Equal(3, File.ReadAllText(folder["paper", "README.md"]).Split("**Not made yet**").Length - 1);
    }

    private string[] Build() =>
        [.. PaperFigures.Build(folder["results"], Path.Combine(GoldenFile.Repository, "baselines", "published"),
            Path.Combine(GoldenFile.Repository, "reports", "figures"), folder["paper"], Gallery.OfPaper())];
}
