using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Reporting.Comparisons;

/// <summary>Names for definitions: the title, and where titles coincide the settings that tell them apart.</summary>
internal static class Labels
{
    // More would be a definition, not a name; the definition itself is linked.
    private const int Most = 3;

    /// <summary>Everything that makes a definition another one, whatever the seed.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(RunDefinition definition) =>
        definition.Leaves().Where(leaf => leaf.Key != "seed" && !RunDefinition.IsWords(leaf.Key));

    /// <summary>One label a definition, in the order given.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<RunDefinition> definitions)
    {
        string[] labels = [.. definitions.Select(definition => Of(definition, [.. definitions.Where(other => other.Title == definition.Title)]))];

        // Where that many settings do not tell them apart, the name of the run does.
        return [.. labels.Select((label, i) => labels.Count(label.Equals) == 1 ? label : $"{label} #{RunId.Of(definitions[i], definitions[i].DataHash)[..6]}")];
    }

    private static string Of(RunDefinition definition, ImmutableArray<RunDefinition> namesakes)
    {
        if (namesakes.Length == 1)
            return definition.Title;

        string[] swept = Swept.Keys(namesakes);
        if (swept.Length > 0)
            return $"{definition.Title} ({Swept.Words(definition, swept)})";

        string[] telling =
        [
            .. namesakes.SelectMany(Settings)
                .Select(leaf => leaf.Key)
                .Distinct(StringComparer.Ordinal)
                .Where(path => namesakes.Select(other => other.Text(path)).Distinct(StringComparer.Ordinal).Skip(1).Any())
                .OrderBy(path => path, StringComparer.Ordinal)
                .Take(Most),
        ];
        var words = telling.Select(path => $"{path[(path.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ')} {definition.Text(path) ?? "unset"}");
        return $"{definition.Title} ({string.Join(", ", words)})";
    }
}
