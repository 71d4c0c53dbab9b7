using Bench.Experiments.Definitions;
using Bench.Results.Claims;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Claims of papers as files: read, checked against the definitions that decide them, and standing for those.</summary>
public sealed class ClaimTests
{
    private const string Decided =
        """
        statement: MDLM is behind AR.
        cites: [sahoo2024simple]
        where: table 1
        prediction: its bound is above
        definition: tiny.yaml
        test: { kind: difference, of: [mdlm], to: ar, metric: likelihood, above: 0 }
        """;

    private static readonly string Committed = Path.Combine(GoldenFile.Repository, "experiments", "claims");

    // That their definitions hold the methods, samplers and metrics that they name is a part of reading them.
    [Fact]
    public void The_claims_of_the_repository_are_right()
    {
        var reading = DefinitionReader.Load(Committed);
        Assert.Empty(reading.Problems);
        Assert.Equal(
            Directory.EnumerateFiles(Committed, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
            reading.Claims.Select(claim => claim.Name));
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Committed, "definitions"), "*.yaml").Order(StringComparer.Ordinal),
            reading.Claims.Select(claim => claim.Decision?.File).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        Assert.All(reading.Claims, claim => Assert.True(claim.Decision is null == claim.Untested.Length > 0, claim.Name));
        Assert.All(
            reading.Runs.GroupBy(run => run.Experiment), runs => Assert.InRange(runs.Select(run => run.Seed).Distinct().Count(), 3, 10));
    }

    [Fact]
    public void A_claim_stands_for_the_definition_that_decides_it()
    {
        using var place = new Workplace();
        string definition = place.Write("tiny.yaml", Workplace.Experiment + "\nseeds: [1, 2, 3]"), one = place.Write("one.yaml", Decided),
            two = place.Write("two.yaml", Decided.Replace("above", "below", StringComparison.Ordinal));
        var runs = DefinitionReader.Load(definition).Runs;
        foreach (string[] named in (string[][])[[one], [one, two], [definition, one]])
        {
            var reading = DefinitionReader.Load(named);
            Assert.Empty(reading.Problems);
            Assert.Equal(runs.Select(run => run.Definition("x").Canonical), reading.Runs.Select(run => run.Definition("x").Canonical));
        }

        var claim = DefinitionReader.Load(one).Claims.Single();
        Assert.Equal(("one", "tiny", 12), (claim.Name, claim.Decision!.Experiment, claim.Decision.Runs("hash").Count));
        Assert.Equal(new Region(0, double.PositiveInfinity), claim.Decision.Effect.Claimed);
        Assert.Equal(["mdlm", "ar"], claim.Decision.Effect.Series.Select(series => series.Method));
    }

    [Fact]
    public void Samplers_are_called_as_results_call_them()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", Workplace.Experiment.Replace(
            "steps: 8 }", "steps: 8, temperatures: [0.5], samplers: [remdm-cap-0.1, psi-0.5] }", StringComparison.Ordinal)
            + "\nseeds: [1, 2, 3]");
        var reading = DefinitionReader.Load(place.Write("one.yaml", Decided[..Decided.IndexOf("test:", StringComparison.Ordinal)]
            + "test: { kind: frontier, of: [{ method: mdlm, samplers: [remdm-cap-0.1, psi-0.5] }], to: mdlm, below: 1 }"));
        Assert.Empty(reading.Problems);
        var effect = Assert.IsType<Frontier>(Assert.Single(reading.Claims).Decision!.Effect);
        Assert.Equal(["ReMDM cap 0.1", "psi 0.5"], effect.Compared[0].Samplers.AsEnumerable());
        Assert.Equal(new Region(double.NegativeInfinity, 1), effect.Claimed);
    }

    [Fact]
    public void What_is_wrong_with_a_claim_is_reported_beside_what_is_wrong_with_its_definition()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", "name: tiny\n");
        var reading = DefinitionReader.Load(place.Write("Not a name.yaml", Decided));
        Assert.Empty(reading.Claims);
        Assert.Contains(reading.Problems, problem => problem.Where.Contains("tiny.yaml", StringComparison.Ordinal));
        Assert.Contains(reading.Problems, problem => problem.What.StartsWith("the file's name is the claim's", StringComparison.Ordinal));
    }

    [Fact]
    public void No_claim_decides_another()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", Decided);
        Assert.Contains("tiny.yaml is a claim, too", Assert.Single(DefinitionReader.Load(place.Write("one.yaml", Decided)).Problems
            .Where(problem => problem.Where.Contains("one.yaml", StringComparison.Ordinal))).What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_in_the_repository_is_that_of_the_reader() =>
        GoldenFile.Matches(Path.Combine(GoldenFile.Repository, "experiments", "claim.schema.json"), DefinitionReader.ClaimSchema);

    [Fact]
    public void The_tables_in_the_repository_are_those_of_the_reader() =>
        DefinitionTests.TableIsThatOfTheReader("<!-- claims -->", DefinitionReader.ClaimKeyTables);
}
