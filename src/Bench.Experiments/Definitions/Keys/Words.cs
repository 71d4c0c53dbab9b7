using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

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
