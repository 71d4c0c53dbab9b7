using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bench.Reporting.Figures.Styles;

/// <summary>Reads JSON with comments to a flat list, which unlike a document says where each value stands.</summary>
internal static class StyleEntries
{
    /// <summary>The values in the order of the file.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ImmutableArray<StyleEntry> Read(byte[] content)
    {
        var reader =
            new Utf8JsonReader(content, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var entries = ImmutableArray.CreateBuilder<StyleEntry>();
        var open = new Stack<(string Path, int Items)>();
        string? key = null;
        long at = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                key = reader.GetString()!;
                at = reader.TokenStartIndex;
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            string path = "";
            if (key is not null)
            {
                path = open.Peek().Path.Length == 0 ? key : $"{open.Peek().Path}.{key}";
            }
            else if (open.TryPop(out var list))
            {
                path = $"{list.Path}[{list.Items.ToString(CultureInfo.InvariantCulture)}]";
                open.Push((list.Path, list.Items + 1));
            }

            entries.Add(new StyleEntry(
                path, reader.TokenType,
                reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan),
                key is null ? reader.TokenStartIndex : at));
            key = null;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push((path, 0));
        }

        return entries.ToImmutable();
    }
}

/// <summary>A value of the style file, and where it stands.</summary>
/// <param name="Path">Dotted keys; the i-th value of a list ends with <c>[i]</c>, and a list itself and an object have an entry of their
/// own.</param>
/// <param name="Type">What JSON calls it.</param>
/// <param name="Text">The value as written, without quotation marks.</param>
/// <param name="Offset">Its key's first byte, or its own where it has no key.</param>
internal sealed record StyleEntry(string Path, JsonTokenType Type, string Text, long Offset);

/// <summary>What a value of the style file is.</summary>
internal enum StyleKind
{
    Text,
    Number,
    Colour,
    Colours,
}
