using System.Text.Json.Nodes;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Format;

/// <summary>Lists of values by dotted key. They are set before anything is read (<see cref="Sweep"/>), so that each combination is read as a definition of its own.</summary>
internal sealed class SweepKind : Kind<Sweep>
{
    /// <inheritdoc/>
    public override string Expected => "a section of lists by dotted key, such as model.width: [64, 128]";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true } };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Sweep value)
    {
        value = Sweep.Of(node, path, report)!;
        return value is not null;
    }

    /// <summary>Reports a value that is no section at all.</summary>
    public void Refuse(Node node, string path, Diagnostics report) => Refuse(node, path, report, out _);
}
