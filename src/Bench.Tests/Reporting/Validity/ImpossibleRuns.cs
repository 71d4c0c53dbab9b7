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
        string experiment = "likelihood",
        params string[] log)
    {
        var json = JsonNode.Parse(SyntheticResults.Definition(experiment, "text", "mdlm", "MDLM", "", seed: 1).Canonical)!;
        json["data"]!["tokenizer"] = tokenizer;
        var definition = RunDefinition.From(json);
        using var run = new RunStore(root).Open(definition);
        run.Begin(definition, SyntheticResults.Place);
        const string Columns = "step,tokens,seconds,loss,gradient_norm,learning_rate,tokens_per_second,validation_bits";
        if (log.Length > 0)
            AtomicFile.Write(Path.Combine(run.Folder, "training.csv"), string.Concat(log.Prepend(Columns).Select(row => row + "\n")));
        run.Write(metrics);
        if (generation.Count > 0)
            run.WriteGeneration(generation);
        run.Finish(1);
    }
}
