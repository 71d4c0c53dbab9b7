using System.Text.Json.Nodes;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Methods;

namespace Bench.Experiments.Components;

/// <summary>The name of a method, or a section of its five nouns.</summary>
internal sealed class MethodKind : Kind<MethodEntry>
{
    private static readonly Choice<IMethod> Names = new("method", [.. MethodTable.All.Select(method => KeyValuePair.Create(method.Name, method))]);

    /// <inheritdoc/>
    public override string Expected => $"{Names.Expected}, or a section of nouns";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["oneOf"] = new JsonArray(Names.Schema(), MethodKeys.Section.Schema()) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out MethodEntry value)
    {
        value = new(null, node);
        if (node is Mapping)
            return true;
        if (node is not Scalar { IsNothing: false })
            return Refuse(node, path, report, out value);
        if (!Names.TryRead(node, path, report, out var row))
            return false;
        value = new(row, node);
        return true;
    }
}
