using System.Text.RegularExpressions;
using Bench.Experiments.Definitions;
using Bench.Reporting;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Bench.Tests.Reporting;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>The results that are kept in the repository, and what README.md shows of them.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string Published = Path.Combine(Repository.Root, "baselines", "published");

    // The kept tables, the page of results and the rows of README.md, all at once.
    [Fact]
    public void Every_number_that_documents_show_is_that_of_the_kept_runs()
    {
        var claims = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", "claims")).Claims;
        Assert.Superset(new HashSet<string> { "laptop", "quick" }, KeptResults.Profiles(Repository.Root).ToHashSet());
        Nothing.In(KeptResults.Check(Repository.Root, Published, Seen(claims)).Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_wrong_number_is_found_with_its_place_and_what_the_runs_give()
    {
        using var place = new TemporaryFolder();
        string kept = Path.Combine(place.Path, "results", "reference", "laptop");
        SyntheticResults.Write(kept);
        File.WriteAllText(Path.Combine(place.Path, "README.md"), "Title\n\n<!-- results -->\n<!-- /results -->\nEnd\n");
        string page = Path.Combine(place.Path, "results", "reference", "README.md");
        File.WriteAllText(page, "Kept\n<!-- laptop -->\nold\n<!-- /laptop -->\n<!-- claims -->\n<!-- /claims -->\n");
        Assert.NotEmpty(KeptResults.Check(place.Path, Published, []));

        string[] written = [.. KeptResults.Update(place.Path, Published, [])];
        Assert.Contains("results/reference/laptop/tables/likelihood.md", written);
        Assert.Empty(KeptResults.Check(place.Path, Published, []));
        Assert.Empty(KeptResults.Update(place.Path, Published, []));
        Assert.EndsWith("<!-- /results -->\nEnd\n", File.ReadAllText(Path.Combine(place.Path, "README.md")), StringComparison.Ordinal);

        string text = File.ReadAllText(page), wrong = text.Replace("≤ 2.913 ± 0.015", "≤ 2.193 ± 0.015", StringComparison.Ordinal);
        Assert.NotEqual(text, wrong);
        File.WriteAllText(page, wrong);
        var problem = Assert.Single(KeptResults.Check(place.Path, Published, []));
        int line = 1 + Array.FindIndex(wrong.Split('\n'), row => row.Contains("2.193", StringComparison.Ordinal));
        Assert.Equal($"results/reference/README.md:{line}", problem.Where);
        Assert.Equal("'≤ 2.193 ± 0.015' is written, but the kept runs give '≤ 2.913 ± 0.015'", problem.What);

        File.WriteAllText(page, "no marks\n");
        Assert.Contains("no place for the results of laptop",
            Assert.Throws<SuiteException>(() => KeptResults.Check(place.Path, Published, [])).Message, StringComparison.Ordinal);
        Assert.Empty(KeptResults.Profiles(Path.Combine(place.Path, "elsewhere")));
    }

    [Theory, InlineData("quick"), InlineData("laptop")]
    public void Kept_results_of_a_profile_agree_with_its_definitions(string profile)
    {
        // If this fails, reproducing the reference trains every run anew.
        var defined = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", profile)).Runs.ToLookup(run => run.Experiment);
        var kept = new RunStore(Reference(profile)).ReadAll().ToLookup(run => run.Experiment);
        foreach (var runs in defined)
        {
            Assert.All(kept[runs.Key], run => Assert.Equal(RunState.Finished, run.Status.State));
            string text = Assert.Single(kept[runs.Key].Select(run => run.Definition.DataHash).Distinct());
            Assert.Equal(
                runs.Select(run => (run.Method.Name, (long)run.Seed, RunId.Of(run.Definition(text), text))).Order(),
                kept[runs.Key].Select(run => (run.Method, run.Seed, run.Id)).Order());
        }
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
    public void The_readme_shows_the_two_commands()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains("    make reproduce ", readme, StringComparison.Ordinal);
        Assert.Contains("    make test ", readme, StringComparison.Ordinal);
    }

    // As `bench report` names their files.
    private static Claim[] Seen(IEnumerable<Claim> claims) => [.. claims.Select(claim => claim with
    {
        File = Path.GetRelativePath(Repository.Root, claim.File),
        Decision = claim.Decision is { } decision ? decision with { File = Path.GetRelativePath(Repository.Root, decision.File) } : null,
    })];

    private static string Reference(string profile) => Path.Combine(Repository.Root, "results", "reference", profile);

    // Relative ones, without the place in the file.
    [GeneratedRegex(@"\]\((?!https?:|#)(?<file>[^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
