using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Definitions that the suite writes.</summary>
public sealed class RenderingTests
{
    public static TheoryData<string> Methods() => [.. MethodTable.All.Select(method => method.Name)];

    public static TheoryData<string> Definitions() =>
    [
        Workplace.Experiment,
        Workplace.Experiment + "\nsweep: { model.width: [32, 64], data.length: [8, 16] }",
        Workplace.Experiment + "\nquestion: \"What: is 'this'? # é \\u00A9 \\\\\"\nscorer: { training: { steps: 7 } }",
        Workplace.Experiment.Replace("steps: 40", "minutes: 1", StringComparison.Ordinal),
        Workplace.Experiment.Replace("steps: 40", "tokens: 1_000", StringComparison.Ordinal)
            .Replace("1_000", "1000", StringComparison.Ordinal) + "\nsweep: { training.batch-size: [4, 8] }",
        Workplace.Experiment.Replace("methods: [ngram-1, ngram-2, ar, mdlm]",
            "method: { name: mine, from: gamma-slide, noise: { gamma: 5e-2 }, sampler: acs-0.5 }", StringComparison.Ordinal),
        Workplace.Experiment.Replace("ngram-2, ar, mdlm]", "{ from: ar }, { name: mine, from: epsilon-block, objective: { lambda: 2 } }]",
            StringComparison.Ordinal),
        Workplace.Experiment.Replace("methods: [ngram-1, ngram-2, ar, mdlm]", "method: { name: mine, from: gamma-slide }",
            StringComparison.Ordinal)
            + "\nsweep: { method.noise.gamma: [0.1, 0.2], method.hyperschedule: [{ width: 8 }, { kind: slide, width: 4, rate: 2 }] }",
    ];

    [Theory, MemberData(nameof(Methods))]
    public void A_new_definition_has_nothing_wrong_with_it(string method)
    {
        using var place = new Workplace();
        var reading = place.Read(DefinitionReader.Template(MethodTable.Find(method)!));
        Assert.Empty(reading.Problems);
        Assert.Equal(method, Assert.Single(reading.Runs).Method.Name);
    }

    // What is offered as a comment has to be right, too.
    [Theory, InlineData("gamma-slide"), InlineData("sedd-absorb"), InlineData("ar"), InlineData("d3pm")]
    public void Components_offered_by_a_new_definition_are_accepted(string method)
    {
        using var place = new Workplace();
        string text = DefinitionReader.Template(MethodTable.Find(method)!);
        int start = text.IndexOf("# method:", StringComparison.Ordinal), end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
        string offered = string.Join('\n', text[start..end].Split('\n').Select(line => line[2..]));
        var reading = place.Read(text.Replace($"methods: [{method}]", offered, StringComparison.Ordinal));
        Assert.Empty(reading.Problems);
        Assert.Equal($"my-{method}", Assert.Single(reading.Runs).Method.Name);
    }

    [Theory, MemberData(nameof(Definitions))]
    public void A_shown_definition_defines_the_same_runs(string yaml)
    {
        using var place = new Workplace();
        var before = place.Read(yaml);
        Assert.Empty(before.Problems);
        var shown = DefinitionReader.Show(place["definition.yaml"]);
        var after = place.Read(shown.Text);
        Assert.Empty(after.Problems);
        Assert.Equal(Ids(before), Ids(after));
        Assert.Equal(before.Runs.Select(run => (run.Question, string.Join(' ', run.Varied))),
            after.Runs.Select(run => (run.Question, string.Join(' ', run.Varied))));
        Assert.Equal(shown.Text, DefinitionReader.Show(place["definition.yaml"]).Text); // there is nothing left to fill in
    }

    [Fact]
    public void Unreadable_definitions_are_not_shown()
    {
        using var place = new Workplace();
        Assert.NotEmpty(DefinitionReader.Show(place["absent.yaml"]).Problems);
        Assert.NotEmpty(DefinitionReader.Show(place.Write("bad.yaml", "name: x")).Problems);
    }

    private static IEnumerable<string> Ids(Reading reading) => [.. reading.Runs.Select(run => RunId.Of(run.Definition("hash"), "hash"))];
}
