using System.Text.Json.Nodes;
using Bench.Reporting.Comparisons;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Tables and figures of runs whose tokens are not characters.</summary>
public sealed class TokenReportTests : IDisposable
{
    private const string Protocol = "exact; all 9 chunks of 1024 gpt2 tokens, each without the text before it";

    private readonly TemporaryFolder folder = new();

    public TokenReportTests()
    {
        var store = new RunStore(folder["results"]);
        Write(store, "ngram-1", 10.2, isBound: false);
        Write(store, "ar", 4.25, isBound: false);
        Write(store, "mdlm", 4.5, isBound: true);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Units_are_those_of_the_metrics_everywhere()
    {
        BuiltReport.Build(folder["results"], folder["reports"]);
        string Text(string file) => File.ReadAllText(Path.Combine(folder["reports"], file));
        string[] header = Text("tables/likelihood.csv").Split('\n')[0].Split(',');
        Assert.Empty(
            new[] { "validation_bits_per_token", "test_bits_per_token", "test_perplexity_per_token",
                "test_bits_per_character" }.Except(header));
        string page = Text("index.html");
        Assert.Contains("from 4.250 ± 0.010 to at most", page, StringComparison.Ordinal);
        Assert.Contains("bits per token; one seed a method", page, StringComparison.Ordinal);
        Assert.Contains("nats/token", Text("tables/terms.md"), StringComparison.Ordinal);
        Assert.Contains("Bits per token of the test text", page, StringComparison.Ordinal);
        Assert.Contains("4.250 ± 0.010 bits/token", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Bits per character of the test text", page, StringComparison.Ordinal);
        Assert.DoesNotContain("nats/char", Text("tables/terms.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Published_perplexities_per_token_stand_beside_ours_per_token()
    {
        var published = PublishedNumber.ReadAll(Path.Combine(GoldenFile.Repository, "baselines", "published"));
        var bibliography = Bibliography.Read(Path.Combine(GoldenFile.Repository, "baselines", "published", "references.bib"));
        var comparisons = Comparison.All(new RunStore(folder["results"]).ReadAll());
        var table = new PublishedTables(published, comparisons, bibliography, new RunLinks(folder["reports"])).Build()
            .Single(found => found.Name == "published-owt");
        int ours = table.Columns.ToList().FindIndex(column => column.Key == "ours");
        Assert.Equal(Units.PerplexityPerToken, table.Columns[ours].Unit);
        var row = table.Rows.First(found => found.Cells[0] is Cell.Words { Text: "AR" });
        Assert.Equal(Math.Pow(2, 4.25), Assert.IsType<Cell.Number>(row.Cells[ours]).Value.Value, 1e-9);
        Assert.Equal("in tokens and length", Assert.IsType<Cell.Words>(row.Cells[ours + 1]).Text);
    }

    private static void Write(RunStore store, string method, double bits, bool isBound)
    {
        var definition = RunDefinition.From(new JsonObject
        {
            ["experiment"] = "tokens",
            ["method"] = method,
            ["title"] = method.ToUpperInvariant(),
            ["seed"] = 1,
            ["data"] =
                new JsonObject { ["corpus"] = "openwebtext", ["tokenizer"] = "gpt2", ["length"] = 1024, ["hash"] = SyntheticResults.Hash },
        });
        using var run = store.Open(definition);
        run.Begin(definition, SyntheticResults.Place);
        run.Write([.. new[] { Splits.Validation, Splits.Test }.SelectMany(split => (Metric[])
        [
            new(LikelihoodMetrics.Likelihood.Name, split, Units.BitsPerToken, bits, 0.01, 9, Protocol),
            new(LikelihoodMetrics.Nats.Name, split, Units.NatsPerToken, bits * Math.Log(2), 0.007, 9, Protocol),
            new(LikelihoodMetrics.Perplexity.Name, split, Units.PerplexityPerToken, Math.Pow(2, bits), 0.1, 9, Protocol),
            new(LikelihoodMetrics.PerCharacter.Name, split, Units.BitsPerCharacter, bits / 4.5, 0.002, 9, Protocol),
            .. isBound
                ? new[] { BoundMetrics.Diffusion.Row(split, bits * Math.Log(2), 0.007, 9, Protocol, LikelihoodUnits.Token) }
                : [],
        ])]);
        run.Finish(1);
    }
}
