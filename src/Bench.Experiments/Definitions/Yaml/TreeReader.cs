
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>
/// Reads the part of YAML that definitions are written in: sections, lists and values. Anchors and aliases, tags and a second document are
/// refused: a few lines of aliases can stand for gigabytes, and a reader of the file sees each value where it is used.
/// </summary>
internal sealed class TreeReader
{
    private const int MostDepth = 16;
    private const string NotYaml =
        "Compare with the example in experiments/README.md; indent with spaces, close brackets and quotes, and quote text that "
            + "holds ': ' or ' #'.";
    private readonly Parser events;
    private readonly Diagnostics report;
    private readonly string text;

    private TreeReader(string text, Diagnostics report)
    {
        this.text = text;
        events = new Parser(new StringReader(text));
        this.report = report;
    }

    /// <summary>The file's value; null where it cannot be understood, which the report then says.</summary>
    public static Node? Read(string text, Diagnostics report)
    {
        var reader = new TreeReader(text, report);
        try
        {
            return reader.Document();
        }
        catch (SyntaxException refused)
        {
            report.Add(refused.Line, refused.Column, refused.Message, refused.Fix);
        }
        catch (YamlException broken)
        {
            report.Add(broken.Start.Line, broken.Start.Column, $"this is not YAML: {Sentence(broken.Message)}", NotYaml);
        }
        catch (Exception failure) when (
            failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // The scanner throws another exception on some texts instead of refusing them.
            var last = reader.events.Current?.End ?? Mark.Empty;
            report.Add(last.Line, last.Column, "this is not YAML: it cannot be read beyond this place", NotYaml);
        }

        return null;
    }

    private Node? Document()
    {
        Take<StreamStart>();
        if (events.Current is StreamEnd)
            return Empty();
        Take<DocumentStart>();
        var root = Value(depth: 0);
        Take<DocumentEnd>();
        if (events.Current is DocumentStart second)
            throw Refused(second, "a second document begins here", "Write one experiment a file.");
        return root is Scalar { IsNothing: true } ? Empty() : root;
    }

    private Node? Empty()
    {
        report.Add(1, 1, "the file is empty", "A definition has at least name, data and methods; experiments/README.md shows one.");
        return null;
    }

    private Node Value(int depth)
    {
        var value = events.Current!;
        if (depth > MostDepth)
        {
            throw Refused(
                value,
                $"values are nested more than {MostDepth} deep",
                "No key of a definition is that deep; check the indentation and the brackets.");
        }

        if (value is AnchorAlias alias)
            throw Refused(value, $"'*{alias.Value}' is an alias, which definitions do not use", "Write the value itself.");
        if (value is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            throw Refused(
                value,
                $"'&{anchored.Anchor}' is an anchor, which definitions do not use",
                "Remove it and write each value where it is used.");
        }

        if (value is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            throw Refused(
                value, $"'{tagged.Tag}' is a tag, which definitions do not use", "Remove it; the key says what type a value has.");
        }

        return value switch
        {
            YamlDotNet.Core.Events.Scalar => Leaf(),
            SequenceStart => List(depth),
            _ => Section(depth),
        };
    }

    private Scalar Leaf()
    {
        var leaf = Take<YamlDotNet.Core.Events.Scalar>();
        // Written with escapes; no file could keep it.
        for (int i = 0; i < leaf.Value.Length; i += char.IsSurrogatePair(leaf.Value, i) ? 2 : 1)
        {
            if (char.IsSurrogate(leaf.Value[i]) && !char.IsSurrogatePair(leaf.Value, i))
                throw Refused(leaf, "this text has half a character in it", "Write the character itself.");
        }

        CheckVisible(leaf);
        return new(Line(leaf), Column(leaf), leaf.Value, leaf.Style == ScalarStyle.Plain) { File = File };
    }

    // Characters that are not displayed as they are, in an editor as well as in tables. It is reported at its own place where it stands in
    // the file, and at that of the text where an escape makes it.
    private void CheckVisible(YamlDotNet.Core.Events.Scalar leaf)
    {
        var written = InvisibleCharacter.In(text[(int)leaf.Start.Index..(int)leaf.End.Index]).GetEnumerator();
        foreach (var hidden in InvisibleCharacter.In(leaf.Value))
        {
            var (line, column) = written.MoveNext() ? Place((int)leaf.Start.Index + written.Current.Index) : (Line(leaf), Column(leaf));
            report.Add(line, column, $"this text has {hidden.Name} in it, which cannot be seen", "Delete it, or write the text anew.");
        }
    }

    private (int Line, int Column) Place(int index)
    {
        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    private Sequence List(int depth)
    {
        var start = Take<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<Node>();
        while (events.Current is not SequenceEnd)
            items.Add(Value(depth + 1));
        Take<SequenceEnd>();
        return new(Line(start), Column(start), items.ToImmutable()) { File = File };
    }

    private Mapping Section(int depth)
    {
        var start = Take<MappingStart>();
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        while (events.Current is not MappingEnd)
        {
            if (Value(depth + 1) is not Scalar key)
                throw Refused(start, "a key of this section is not plain text", "Write 'key: value', one a line.");
            var value = Value(depth + 1);
            if (!entries.TryAdd(key.Text, new(key, value)))
            {
                report.Add(
                    key, $"the key '{key.Text}' is there twice, first in line {entries[key.Text].Key.Line}", "Keep one of the two.");
            }
        }

        Take<MappingEnd>();
        return new(Line(start), Column(start), [.. entries.Values]) { File = File };
    }

    private string File => report.File;

    private T Take<T>()
        where T : ParsingEvent
    {
        // Current is null only before the first event.
        if (events.Current is null)
            events.MoveNext();
        var taken = events.Current as T ?? throw Refused(
            events.Current!, "the file ends or turns here where a value is expected", "Complete or remove what is begun.");
        events.MoveNext();
        return taken;
    }

    private static SyntaxException Refused(ParsingEvent at, string what, string fix) => new(at.Start.Line, at.Start.Column, what, fix);

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;

    private static string Sentence(string message)
    {
        string first = message.Split('\n')[0].TrimEnd('.', ' ', '\r');
        return first.Length > 0 ? char.ToLowerInvariant(first[0]) + first[1..] : "it cannot be read";
    }
}

/// <summary>A file that cannot be understood any further than this place.</summary>
internal sealed class SyntaxException(long line, long column, string what, string fix) : Exception(what)
{
    public long Line => line;

    public long Column => column;

    public string Fix => fix;
}

/// <summary>
/// An invisible character that changes how others look: a directional mark, a joiner, a byte order mark, a
/// control character.
/// </summary>
/// <param name="Rune">The character.</param>
/// <param name="Index">Where it stands in its text.</param>
internal readonly record struct InvisibleCharacter(Rune Rune, int Index)
{
    /// <summary>Its code point, and what it is where it has a common name: U+202E (a directional mark).</summary>
    public string Name => $"U+{Rune.Value:X4}" + Rune.Value switch
    {
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C => " (a directional mark)",
        >= 0x200B and <= 0x200D or 0x2060 => " (a space or joiner without width)",
        0xFEFF => " (a byte order mark)",
        0x00AD => " (a soft hyphen)",
        < 0xA0 => " (a control character)",
        _ => "",
    };

    /// <summary>All in a text. Tabs and line breaks are not among them: those can be seen.</summary>
    public static IEnumerable<InvisibleCharacter> In(string text)
    {
        int index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bool isSpace = rune.Value is '\t' or '\n' or '\r' or 0x85;
            if (!isSpace && Rune.GetUnicodeCategory(rune) is (UnicodeCategory.Control or UnicodeCategory.Format))
                yield return new(rune, index);
            index += rune.Utf16SequenceLength;
        }
    }
}
