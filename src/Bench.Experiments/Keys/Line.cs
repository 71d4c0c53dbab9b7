using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Keys;

/// <summary>A text that people read, in tables and above them.</summary>
/// <param name="mayBeEmpty">Whether an empty text stands for none.</param>
internal sealed class Line(bool mayBeEmpty) : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => "a line of text";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string" };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        if (value.Any(IsControl))
            report.Add(node, $"{path} has a line break or another control character in it", "Write it on one line; a long one may be folded with >-.");
        else if (string.IsNullOrWhiteSpace(value) && !(mayBeEmpty && value.Length == 0))
            report.Add(node, $"{path} is empty", "Write something, or leave it out.");
        else
            return true;
        return false;
    }

    private static bool IsControl(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
