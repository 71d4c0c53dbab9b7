using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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

/// <summary>A text that people read, in tables and above them.</summary>
/// <param name="mayBeEmpty">Whether an empty text stands for none.</param>
internal sealed class Line(bool mayBeEmpty) : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => "a line of text";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string" };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        if (value.Any(IsBreak))
            report.Add(node, $"{path} has a line break or a tab in it", "Write it on one line; a long one may be folded with >-.");
        else if (string.IsNullOrWhiteSpace(value) && !(mayBeEmpty && value.Length == 0))
            report.Add(node, $"{path} is empty", "Write something, or leave it out.");
        else
            return true;
        return false;
    }

    // Other control characters are reported by the reader of the file, for every text.
    private static bool IsBreak(char character) => character is '\t' or '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';
}

/// <summary>A text, of a form where one is prescribed.</summary>
/// <param name="expected">As text: "a short name of lower-case letters, digits and hyphens".</param>
/// <param name="pattern">What the whole text matches, or null for any.</param>
internal sealed partial class Words(string expected, Regex? pattern = null) : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => expected;

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
            schema["pattern"] = pattern.ToString();
        return schema;
    }

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar || pattern?.IsMatch(scalar.Text) == false)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        return true;
    }

    /// <summary>A short name of lower-case letters, digits and hyphens.</summary>
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    public static partial Regex Slug();
}
