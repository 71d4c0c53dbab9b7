using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>Values of one kind, none of them twice.</summary>
/// <param name="item">The kind.</param>
/// <param name="least">How many there are at least.</param>
internal sealed class ListOf<T>(Kind<T> item, int least) : Kind<ImmutableArray<T>>
{
    private const int Most = 10_000;

    /// <inheritdoc/>
    public override string Expected => $"a list, each {item.Expected}";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "array", ["items"] = item.Schema(), ["minItems"] = least, ["uniqueItems"] = true };

    /// <inheritdoc/>
    public override JsonNode Write(ImmutableArray<T> value) => new JsonArray([.. value.Select(item.Write)]);

    /// <inheritdoc/>
    public override JsonNode Identity(ImmutableArray<T> value) => new JsonArray([.. value.Select(item.Identity)]);

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out ImmutableArray<T> value)
    {
        if (node is not Sequence list)
        {
            // A single value where a list is due is the most common slip; brackets mend it.
            if (node is not Scalar { IsNothing: false } single)
                return Refuse(node, path, report, out value);
            report.Add(node, $"{path} is {node.Description}, but it is a list", $"Write [{single.Text}].");
            value = [];
            return false;
        }

        if (list.Items.Length < least || list.Items.Length > Most)
        {
            report.Add(
                node,
                $"{path} is {(list.Items.IsEmpty ? "an empty list" : $"a list of {list.Items.Length}")}, but it holds {least} to "
                    + $"{Most} values",
                $"Write {Expected}.");
            value = [];
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var values = ImmutableArray.CreateBuilder<T>(list.Items.Length);
        foreach (var at in list.Items)
        {
            if (!item.TryRead(at, path, report, out var read))
                continue;
            if (!seen.Add(read as string ?? NodeJson.Text(at)))
                report.Add(at, $"{path} names {(at as Scalar)?.Text ?? "a section"} twice", "Keep one of the two.");
            values.Add(read);
        }

        value = values.ToImmutable();
        return true; // what could be read of it was; the report knows of the rest
    }
}
