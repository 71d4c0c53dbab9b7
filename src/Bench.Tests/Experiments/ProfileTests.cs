using Bench.Experiments.Definitions;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Definitions that are written over another one.</summary>
public sealed class ProfileTests
{
    private const string Rest = "name: tiny\nmethods: [ngram-1, ngram-2, ar, mdlm]\n";

    [Fact]
    public void Keys_of_a_profile_act_like_keys_of_the_definition()
    {
        using var place = new Workplace();
        string shared = string.Join('\n',
            Workplace.Experiment.Split('\n')
                .Where(
                    line => !line.StartsWith("name:", StringComparison.Ordinal) && !line.StartsWith("methods:", StringComparison.Ordinal)));
        Directory.CreateDirectory(place["profiles"]);
        place.Write(Path.Combine("profiles", "tiny.yaml"), shared);
        Assert.Equal(Ids(place.Read(Workplace.Experiment)), Ids(place.Read("profile: profiles/tiny.yaml\n" + Rest)));
    }

    [Fact]
    public void Sections_go_key_by_key_and_lists_replace()
    {
        using var place = new Workplace();
        place.Write("p.yaml", Workplace.Experiment + "\nseeds: [1, 2]");
        var spec = Assert.Single(
            place.Read("profile: p.yaml\nmethods: [mdlm]\nseeds: [3]\nmodel: { width: 64 }\ntraining: { tokens: 1281 }").Runs);
        // 128 tokens an update, in whole updates
        Assert.Equal((3ul, 64, 2, 11), (spec.Seed, spec.Model!.Width, spec.Model.Blocks, spec.Training!.Steps));
    }

    [Fact]
    public void One_method_displaces_the_list_of_the_profile()
    {
        using var place = new Workplace();
        place.Write("p.yaml", Workplace.Experiment);
        Assert.Equal("ar", Assert.Single(place.Read("profile: p.yaml\nmethod: ar").Runs).Method.Name);
    }

    [Theory, InlineData("name: own\n", ""), InlineData("", "Why?"), InlineData("name: own\nquestion: Which?\n", "Which?")]
    public void A_definition_with_a_name_of_its_own_asks_no_question_of_its_profile(string own, string question)
    {
        using var place = new Workplace();
        place.Write("p.yaml", "question: Why?\n" + Workplace.Experiment);
        Assert.All(place.Read($"profile: p.yaml\n{own}").Runs, run => Assert.Equal(question, run.Question));
    }

    private static IEnumerable<string> Ids(Reading reading) => reading.Runs.Select(run => RunId.Of(run.Definition("hash"), "hash"));
}
