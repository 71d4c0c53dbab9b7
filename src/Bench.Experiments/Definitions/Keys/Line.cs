using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

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
