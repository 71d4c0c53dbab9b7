using Bench.Experiments.Definitions;
using Bench.Reporting;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>The results that are kept in the repository, and what README.md shows of them.</summary>
public sealed class ReferenceTests
{
    [Theory, InlineData("quick"), InlineData("laptop")]
    public void Tables_are_what_the_runs_beside_them_give(string profile)
    {
        string reference = Reference(profile);
        using var folder = new TemporaryFolder();
        Report.Build(reference, Path.Combine(Repository.Root, "baselines", "published"), Path.Combine(Repository.Root, "reports", "figures"), folder.Path);
        string[] tables = Directory.GetFiles(Path.Combine(reference, "tables"));
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Equal(File.ReadAllText(Path.Combine(folder.Path, "tables", Path.GetFileName(table))), File.ReadAllText(table)));
    }

    [Theory, InlineData("quick"), InlineData("laptop")]
    public void What_is_kept_of_a_profile_is_all_of_it_as_it_is_defined_now(string profile)
    {
        var kept = new RunStore(Reference(profile)).ReadAll().Where(run => run.Experiment == profile).ToList();
        Assert.All(kept, run => Assert.Equal(RunState.Finished, run.Status.State));
        string text = Assert.Single(kept.Select(run => run.Definition.DataHash).Distinct());
        var defined = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", profile)).Runs.Select(run => (run.Method.Name, (long)run.Seed, RunId.Of(run.Definition(text), text)));
        Assert.Equal(defined.Order(), kept.Select(run => (run.Method, run.Seed, run.Id)).Order());
    }

    [Fact]
    public void The_readme_shows_the_tables_and_a_figure_that_is_there()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string[] shown = [Path.Combine(Reference("quick"), "tables", "likelihood.md"), Path.Combine(Reference("laptop"), "tables", "likelihood.md"), Path.Combine(Reference("laptop"), "tables", "differences.md")];
        Assert.All(shown, table => Assert.Contains(File.ReadAllText(table), readme, StringComparison.Ordinal));
        Assert.Contains("](results/reference/laptop/figures/training-curves.svg)", readme, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Reference("laptop"), "figures", "training-curves.svg")));
    }

    [Fact]
    public void The_readme_shows_the_two_commands()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains("    make reproduce ", readme, StringComparison.Ordinal);
        Assert.Contains("    make test ", readme, StringComparison.Ordinal);
    }

    private static string Reference(string profile) => Path.Combine(Repository.Root, "results", "reference", profile);
}
