using Bench.Reporting;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>The results that are kept in the repository, and what README.md shows of them.</summary>
public sealed class ReferenceTests
{
    private static string Reference => Path.Combine(Repository.Root, "results", "reference");

    [Fact]
    public void Tables_are_what_the_runs_beside_them_give()
    {
        using var folder = new TemporaryFolder();
        Report.Build(Reference, Path.Combine(Repository.Root, "baselines", "published"), Path.Combine(Repository.Root, "reports", "figures"), folder.Path);
        string[] tables = Directory.GetFiles(Path.Combine(Reference, "tables"));
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Equal(File.ReadAllText(Path.Combine(folder.Path, "tables", Path.GetFileName(table))), File.ReadAllText(table)));
    }

    [Fact]
    public void The_readme_shows_the_main_table_and_a_figure_that_is_there()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains(File.ReadAllText(Path.Combine(Reference, "tables", "likelihood.md")), readme, StringComparison.Ordinal);
        Assert.Contains("](results/reference/figures/training-curves.svg)", readme, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Reference, "figures", "training-curves.svg")));
    }

    [Fact]
    public void The_readme_shows_the_two_commands()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains("    make reproduce ", readme, StringComparison.Ordinal);
        Assert.Contains("    make test ", readme, StringComparison.Ordinal);
    }
}
