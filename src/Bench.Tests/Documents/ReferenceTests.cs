using System.Text.RegularExpressions;
using Bench.Experiments.Definitions;
using Bench.Reporting;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>The results that are kept in the repository, and what README.md shows of them.</summary>
public sealed partial class ReferenceTests
{
    [Theory, InlineData("quick"), InlineData("laptop")]
    public void Tables_are_reproduced_from_the_runs_beside_them(string profile)
    {
        string reference = Reference(profile);
        using var folder = new TemporaryFolder();
        Report.Build(reference, Path.Combine(Repository.Root, "baselines", "published"),
            Path.Combine(Repository.Root, "reports", "figures"), folder.Path);
        string[] tables = Directory.GetFiles(Path.Combine(reference, "tables"));
        Assert.NotEmpty(tables);
        Assert.All(tables,
            table => Assert.Equal(File.ReadAllText(Path.Combine(folder.Path, "tables", Path.GetFileName(table))), File.ReadAllText(table)));
    }

    [Theory, InlineData("quick"), InlineData("laptop")]
    public void Kept_results_of_a_profile_agree_with_its_definitions(string profile)
    {
        var kept = new RunStore(Reference(profile)).ReadAll().Where(run => run.Experiment == profile).ToList();
        Assert.All(kept, run => Assert.Equal(RunState.Finished, run.Status.State));
        string text = Assert.Single(kept.Select(run => run.Definition.DataHash).Distinct());
        var defined = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", profile)).Runs.Select(
            run => (run.Method.Name, (long)run.Seed, RunId.Of(run.Definition(text), text)));
        Assert.Equal(defined.Order(), kept.Select(run => (run.Method, run.Seed, run.Id)).Order());
    }

    [Fact]
    public void The_page_of_results_shows_the_tables_and_figures_that_are_there()
    {
        string folder = Path.Combine(Repository.Root, "results", "reference"), page = File.ReadAllText(Path.Combine(folder, "README.md"));
        string[] shown = ["quick/tables/likelihood.md", "laptop/tables/likelihood.md", "laptop/tables/differences.md"];
        Assert.All(shown, table => Assert.Contains(File.ReadAllText(Path.Combine(folder, table)), page, StringComparison.Ordinal));
        Assert.Contains("](laptop/figures/training-curves.svg)", page, StringComparison.Ordinal);
    }

    [Theory, InlineData("README.md"), InlineData("results/reference/README.md"), InlineData("CONTRIBUTING.md")]
    public void Links_lead_to_files_that_are_there(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        string[] links = [.. Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(link => link.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(folder, link)), $"{page} links to {link}"));
    }

    [Fact]
    public void The_rows_of_the_readme_are_those_of_the_table_of_results()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string[] rows = readme[readme.IndexOf("<!-- results -->", StringComparison.Ordinal)..readme.IndexOf("<!-- /results -->",
            StringComparison.Ordinal)]
            .Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| :", StringComparison.Ordinal))
            .Skip(1).ToArray();
        Assert.Equal(8, rows.Length);
        string[][] table = [.. File.ReadAllLines(Path.Combine(Reference("laptop"), "tables", "likelihood.md")).Select(Cells)];
        Assert.All(rows, row =>
        {
            string[] cells = Cells(row), full = table.Single(other => other.Length > 1 && other[1] == cells[1]);
            Assert.Equal([full[4], $"{full[5]} – {full[6]}", full[10]], cells[2..5]);
        });

        static string[] Cells(string row) => [.. row.Split('|').Select(cell => cell.Trim())];
    }

    [Fact]
    public void The_readme_shows_the_two_commands()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains("    make reproduce ", readme, StringComparison.Ordinal);
        Assert.Contains("    make test ", readme, StringComparison.Ordinal);
    }

    private static string Reference(string profile) => Path.Combine(Repository.Root, "results", "reference", profile);

    // Relative ones, without the place in the file.
    [GeneratedRegex(@"\]\((?!https?:|#)(?<file>[^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
