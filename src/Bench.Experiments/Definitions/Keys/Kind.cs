using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>What the value of a key may be.</summary>
internal abstract class Kind<T>
{
    /// <summary>As text, for messages and for the table of keys: "a whole number in [1, 64]".</summary>
    public abstract string Expected { get; }

    /// <summary>In JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>Reads a value; where that fails the report says why.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="path">The key with the sections it is in: <c>model.width</c>.</param>
    /// <param name="report">Takes problems.</param>
    /// <param name="value">What was read.</param>
    public abstract bool TryRead(Node node, string path, Diagnostics report, out T value);

    /// <summary>A value as a definition has it: <see cref="TryRead"/> reads it back.</summary>
    public virtual JsonNode Write(T value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        _ => throw new NotSupportedException($"{GetType().Name} writes no {typeof(T).Name}"),
    };

    /// <summary>
    /// The same as <c>definition.json</c> has it and a run is named after it: equal on every machine, wherever files lie.
    /// </summary>
    public virtual JsonNode Identity(T value) => Write(value);

    /// <summary>A value of <c>definition.json</c> with the names that keys have in definitions.</summary>
    public virtual Node FromStored(Node stored) => stored;

    /// <summary>Reports that the value is of another kind altogether.</summary>
    protected bool Refuse(Node node, string path, Diagnostics report, out T value)
    {
        report.Add(
            node,
            node is Scalar { IsNothing: true } ? $"{path} has no value" : $"{path} is {node.Description}, but it is {Expected}",
            $"Write {Expected}.");
        value = default!;
        return false;
    }
}
