using Bench.Experiments.Definitions;
using Bench.Reporting.TableBuilders;
using Bench.Results;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Messages about wrong definitions.</summary>
public sealed class DefinitionErrorTests
{
    public static TheoryData<string> Files { get; } =
        [.. Directory.EnumerateFiles(GoldenFile.Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Every_problem_of_a_file_is_reported_at_once_with_its_place_and_a_fix(string file)
    {
        var reading = DefinitionReader.Load(Path.Combine(GoldenFile.Folder, file));
        Assert.Empty(reading.Runs);
        string reported = string.Concat(reading.Problems.Select(problem => problem.ToString().ReplaceLineEndings("\n") + "\n"));
        string portable = reported.Replace(GoldenFile.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        GoldenFile.Matches(Path.Combine(GoldenFile.Folder, Path.ChangeExtension(file, ".txt")), portable);
    }

    [Fact]
    public void Every_paper_of_the_bibliography_can_be_cited()
    {
        using var place = new Workplace();
        var keys = Bibliography.Read(Path.Combine(Repository.Root, "baselines", "published", "references.bib")).Keys;
        Assert.Empty(
            DefinitionReader.Load(place.Write("all.yaml", $"{Workplace.Experiment}\ncites: [{string.Join(", ", keys)}]\n")).Problems);
    }

    // A title in another script, an emoji made of several, a dash and a ligature are no tricks.
    [Theory, InlineData("Μάθηση, обучение, تعلم"), InlineData("naïve – ﬁne"), InlineData("γ-hybrid ≤ 2 ✓ 😀")]
    public void Questions_may_use_any_visible_script(string question)
    {
        using var place = new Workplace();
        Assert.Empty(DefinitionReader.Load(place.Write("asked.yaml", $"{Workplace.Experiment}\nquestion: \"{question}\"\n")).Problems);
    }

    [Fact]
    public void Problems_of_several_files_are_reported_together_and_nothing_runs()
    {
        using var place = new Workplace();
        string good = place.Write("good.yaml", Workplace.Experiment);
        string bad = place.Write("bad.yaml", "name: bad\n");
        var reading = DefinitionReader.Load(good, bad, place["absent.yaml"]);
        Assert.Empty(reading.Runs);
        Assert.Equal(3, reading.Problems.Length);
        Assert.Contains($"{bad}:1:1", reading.Problems[0].Where, StringComparison.Ordinal);
        Assert.Equal(place["absent.yaml"], reading.Problems[^1].Where);
    }

    [Fact]
    public void A_misspelt_file_is_guessed()
    {
        using var place = new Workplace();
        place.Write("likelihood.yaml", "");
        Assert.Contains(place["likelihood.yaml"], Assert.Single(DefinitionReader.Load(place["likelyhood.yaml"]).Problems).Fix,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_definitions_is_a_problem()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place["empty"]);
        Assert.Contains("no *.yaml", Assert.Single(DefinitionReader.Load(place["empty"]).Problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_experiments_cannot_share_a_name()
    {
        using var place = new Workplace();
        string first = place.Write("a.yaml", Workplace.Experiment), second = place.Write("b.yaml", Workplace.Experiment);
        var problem = Assert.Single(DefinitionReader.Load(first, second).Problems);
        Assert.Equal(second, problem.Where);
        Assert.Contains(first, problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_that_is_stopped_is_read_no_further()
    {
        using var place = new Workplace();
        string file = place.Write("swept.yaml", Workplace.Experiment + "\nsweep: { model.width: [32, 64] }");
        Assert.Throws<OperationCanceledException>(() => DefinitionReader.Load([file], new CancellationToken(canceled: true)));
    }

    // What is submitted is what was checked, whatever happens to the file in between.
    [Fact]
    public void A_definition_is_stored_with_its_profile_resolved()
    {
        using var place = new Workplace();
        place.Write("p.yaml", Workplace.Experiment);
        string own = place.Write("own.yaml", "# Mine.\n" + Workplace.Experiment),
            over = place.Write("over.yaml", "name: over\nprofile: p.yaml\n");
        var texts = DefinitionReader.Load(own, over, place["", "own.yaml"]).Texts;
        Assert.Equal([own, over], texts.Select(text => text.File));
        Assert.Equal(File.ReadAllText(own), texts[0].Text);
        Assert.DoesNotContain("profile:", texts[1].Text, StringComparison.Ordinal);
        Assert.Equal(4, place.Read(texts[1].Text).Runs.Length);
    }

    [Fact]
    public void A_file_that_is_no_definition_at_all_is_not_read_whole()
    {
        using var place = new Workplace();
        Assert.Contains("larger than",
            Assert.Single(DefinitionReader.Load(place.Write("big.yaml", new string('#', 2 << 20))).Problems).What,
            StringComparison.Ordinal);
    }
}
