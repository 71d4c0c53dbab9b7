using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>What the value of a key may be.</summary>
internal abstract class Kind<T>
{
    /// <summary>In words, for messages and for the table of keys: "a whole number in [1, 64]".</summary>
    public abstract string Expected { get; }

    /// <summary>In JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>Reads a value; where that fails the report says why.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="path">The key with the sections it is in: <c>model.width</c>.</param>
    /// <param name="report">Takes problems.</param>
    /// <param name="value">What was read.</param>
    public abstract bool TryRead(Node node, string path, Diagnostics report, out T value);

    /// <summary>Reports that the value is of another kind altogether.</summary>
    protected bool Refuse(Node node, string path, Diagnostics report, out T value)
    {
        report.Add(node, node is Scalar { IsNothing: true } ? $"{path} has no value" : $"{path} is {node.Description}, but it is {Expected}", $"Write {Expected}.");
        value = default!;
        return false;
    }
}
