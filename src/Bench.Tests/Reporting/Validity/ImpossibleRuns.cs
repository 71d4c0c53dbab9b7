using System.Text.Json.Nodes;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Tests.Reporting.Validity;

/// <summary>A finished run of MDLM with numbers of one's own.</summary>
internal static class ImpossibleRuns
{
    public static void Write(
        string root,
        IEnumerable<Metric> metrics,
        IReadOnlyCollection<GenerationMetric> generation,
        string tokenizer = "characters",
        string experiment = "likelihood")
    {
        var json = JsonNode.Parse(SyntheticResults.Definition(experiment, "text", "mdlm", "MDLM", "", seed: 1).Canonical)!;
        json["data"]!["tokenizer"] = tokenizer;
        var definition = RunDefinition.From(json);
        using var run = new RunStore(root).Open(definition);
        run.Begin(definition, SyntheticResults.Place);
        run.Write(metrics);
        if (generation.Count > 0)
            run.WriteGeneration(generation);
        run.Finish(1);
    }
}
