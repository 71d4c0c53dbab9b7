using System.Text.Json.Nodes;
using Bench.Evaluation.Outside;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Format;

/// <summary>A pretrained model that judges text.</summary>
internal sealed class OutsideJudgeKind : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => $"{OutsideJudges.Stories15M}, or the path of a GPT-2's *.safetensors or of its folder";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["examples"] = new JsonArray(OutsideJudges.Stories15M) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        var problems = OutsideJudges.Check(value, path);
        foreach (var problem in problems)
            report.Add(node, $"{path}: {problem.What}", problem.Fix);
        return problems.Count == 0;
    }
}
