using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>Yes or no.</summary>
internal sealed class Flag : Kind<bool>
{
    /// <inheritdoc/>
    public override string Expected => "true or false";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out bool value)
    {
        if (node is not Scalar { IsPlain: true, Text: "true" or "false" } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text == "true";
        return true;
    }
}
