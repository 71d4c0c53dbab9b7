using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>Writes values as YAML that reads back as the same values.</summary>
internal static partial class YamlText
{
    private const int MostDepth = 1; // sections within sections are written on one line
    private const int MostWidth = 160;

    /// <summary>A definition.</summary>
    public static string Of(Mapping section)
    {
        var text = new StringBuilder();
        Block(section, depth: 0, text);
        return text.ToString();
    }

    /// <summary>A value on one line.</summary>
    public static string Inline(Node node) => node switch
    {
        Mapping { Entries.IsEmpty: true } => "{}",
        Mapping section => $"{{ {string.Join(", ", section.Entries.Select(entry => $"{Leaf(entry.Key)}: {Inline(entry.Value)}"))} }}",
        Sequence list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
        _ => Leaf((Scalar)node),
    };

    private static void Block(Mapping section, int depth, StringBuilder text)
    {
        string indent = new(' ', 2 * depth);
        foreach (var (key, value) in section.Entries)
        {
            string line = $"{indent}{Leaf(key)}: {Inline(value)}";
            if (value is Mapping { Entries.IsEmpty: false } inner && (depth < MostDepth || line.Length > MostWidth))
            {
                text.Append($"{indent}{Leaf(key)}:\n");
                Block(inner, depth + 1, text);
            }
            else if (value is Sequence { Items.IsEmpty: false } list && line.Length > MostWidth)
            {
                text.Append($"{indent}{Leaf(key)}:\n");
                foreach (var item in list.Items)
                    text.Append($"{indent}  - {Inline(item)}\n");
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }
    }

    // Plain where it was plain, and looks like nothing else.
    private static string Leaf(Scalar scalar) => scalar.IsPlain && Safe().IsMatch(scalar.Text) ? scalar.Text : Quoted(scalar.Text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' =>
                    $"\\u{((int)c).ToString("X4", CultureInfo.InvariantCulture)}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    // No hyphen and no dots alone in front: those begin lists and documents.
    [GeneratedRegex(@"\A(?:-?[A-Za-z0-9_/]|\.[A-Za-z0-9/]|\.\./)[A-Za-z0-9_./+-]*\z")]
    private static partial Regex Safe();
}
