using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Definitions.Components;

/// <summary>A sampler by its name in definitions.</summary>
internal sealed class SamplerKind : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => "a sampler such as acs-0.25; `bench sample --help` lists them";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. SamplerTable.Names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        if (SamplerTable.Problem(value) is not { } problem)
            return true;
        report.Add(node, $"{path}: {problem}", Spelling.Advice(value, SamplerTable.Names, "samplers"));
        return false;
    }
}
