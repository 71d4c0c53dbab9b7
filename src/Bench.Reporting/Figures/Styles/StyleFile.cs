using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Files;
using SkiaSharp;

namespace Bench.Reporting.Figures.Styles;

/// <summary><c>style.json</c>: what authors edit to change how figures look. All its mistakes are found at once.</summary>
public static partial class StyleFile
{
    /// <summary>In the folder of figures.</summary>
    public const string Name = "style.json";

    private const long MostBytes = 1 << 20;

    private const string Restore = "Restore it with `git checkout` of that file.";

    /// <summary>What is wrong with the style file of a folder; none where figures can be drawn with it.</summary>
    public static ImmutableArray<Problem> Check(string folder) => Read(folder).Problems;

    /// <summary>The style of a folder.</summary>
    /// <exception cref="SuiteException">It has a mistake; the first one is named.</exception>
    internal static FigureStyle Load(string folder) => Read(folder) is var (style, problems) && style is not null
        ? style
        : throw new SuiteException($"{problems[0].Where}: {problems[0].What}", problems[0].Fix);

    internal static (FigureStyle? Style, ImmutableArray<Problem> Problems) Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return (null, [new Problem(path, "there is no style file, and no figure can be drawn without one", "Run the command in the folder of the repository, or restore the file with `git checkout`.")]);
        if (InputFile.Refusal(path, MostBytes) is var (what, fix))
            return (null, [new Problem(path, $"the style file {what}", fix)]);
        byte[] content = InputFile.ReadBytes(path, MostBytes);
        try
        {
            var entries = StyleEntries.Read(content);
            var problems = Mistakes(path, content, entries).ToImmutableArray();
            return problems.IsEmpty ? Build(path, folder, entries) : (null, problems);
        }
        catch (JsonException broken)
        {
            string where = $"{path}:{(broken.LineNumber ?? 0) + 1}:{(broken.BytePositionInLine ?? 0) + 1}";
            return (null, [new Problem(where, "this is no JSON: " + Words().Match(broken.Message).Value, "Commas stand between values, texts in quotation marks, comments after //. " + Restore)]);
        }
    }

    private static IEnumerable<Problem> Mistakes(string path, byte[] content, ImmutableArray<StyleEntry> entries)
    {
        string Where(StyleEntry entry) => $"{path}:{Place(content, entry.Offset)}";
        if (entries[0].Type != JsonTokenType.StartObject)
        {
            yield return new Problem(Where(entries[0]), "a style is an object of keys and values", Restore);
            yield break;
        }

        var known = StyleKey.All.SelectMany(key => Parents(key.Path).Append(key.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries.Skip(1).Where(entry => !entry.Path.EndsWith(']')))
        {
            if (!known.Contains(entry.Path) && (!entry.Path.Contains('.') || known.Contains(Parent(entry.Path))))
                yield return Unknown(Where(entry), entry.Path, known);
            else if (entries.First(other => other.Path == entry.Path) is var first && first != entry)
                yield return new Problem(Where(entry), $"{entry.Path} is there twice", $"Leave one of them; the other is in line {Place(content, first.Offset).Split(':')[0]}.");
            else if (known.Contains(entry.Path) && !StyleKey.All.Any(key => key.Path == entry.Path) && entry.Type != JsonTokenType.StartObject)
                yield return new Problem(Where(entry), $"{entry.Path} is a group of keys, not a value", $"Write {{ }} around its keys. {Restore}");
        }

        foreach (var key in StyleKey.All)
        {
            if (entries.FirstOrDefault(entry => entry.Path == key.Path) is not { } entry)
                yield return new Problem($"{path}: {key.Path}", $"{key.Path} is missing", $"Every key is needed. {Restore}");
            else
            {
                foreach (var (at, what, fix) in Mistakes(key, entry, entries))
                    yield return new Problem(Where(at), what, fix);
            }
        }

        foreach (var problem in Twins(entries))
            yield return new Problem(Where(problem.At), problem.What, problem.Fix);
    }

    private static IEnumerable<(StyleEntry At, string What, string Fix)> Mistakes(StyleKey key, StyleEntry entry, ImmutableArray<StyleEntry> entries)
    {
        switch (key.Kind)
        {
            case StyleKind.Number when entry.Type != JsonTokenType.Number || !double.TryParse(entry.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || number < key.Low || number > key.High:
                return [(entry, $"{key.Path} is {Shown(entry)}", $"Write a number from {key.Low.ToString(CultureInfo.InvariantCulture)} to {key.High.ToString(CultureInfo.InvariantCulture)}.")];
            case StyleKind.Text when entry.Type != JsonTokenType.String || string.IsNullOrWhiteSpace(entry.Text) || entry.Text.AsSpan().IndexOfAny('"', '<', '&') >= 0:
                return [(entry, $"{key.Path} is {Shown(entry)}", "Write a text in quotation marks, without \", < and & in it.")];
            case StyleKind.Colour when !IsColour(entry):
                return [(entry, $"{key.Path} is {Shown(entry)}, which is no colour", Hexadecimal)];
            case StyleKind.Colours when entry.Type != JsonTokenType.StartArray:
                return [(entry, $"{key.Path} is {Shown(entry)}", "Write a list of colours, such as [\"#0072b2\", \"#d55e00\"].")];
            case StyleKind.Colours:
                StyleEntry[] items = [.. entries.Where(item => item.Path.StartsWith(key.Path + "[", StringComparison.Ordinal) && item.Path.EndsWith(']'))];
                string count = key.Low == key.High ? $"exactly {key.Low}" : $"{key.Low} to {key.High}";
                return
                [
                    .. items.Where(item => !IsColour(item)).Select(item => (item, $"{item.Path} is {Shown(item)}, which is no colour", Hexadecimal)),
                    .. items.Length < key.Low || items.Length > key.High ? [(entry, $"{key.Path} has {items.Length} colours", $"It takes {count}.")] : Array.Empty<(StyleEntry, string, string)>(),
                ];
            default:
                return [];
        }
    }

    private const string Hexadecimal = "Write # and six hexadecimal digits, such as \"#0072b2\".";

    // SVG is drawn in light colours, which its style sheet maps to dark ones, so one light colour has one counterpart.
    private static IEnumerable<(StyleEntry At, string What, string Fix)> Twins(ImmutableArray<StyleEntry> entries)
    {
        const string light = "light", dark = "dark";
        int Count(string list) => entries.Count(entry => entry.Path.StartsWith(list + "[", StringComparison.Ordinal));
        if (Count($"{light}.series") != Count($"{dark}.series"))
        {
            if (entries.FirstOrDefault(entry => entry.Path == $"{dark}.series") is { } list)
                yield return (list, $"{list.Path} has {Count(list.Path)} colours, but {light}.series has {Count($"{light}.series")}", "Each light colour needs its dark counterpart: make both lists equally long.");
            yield break;
        }

        var counterparts = new Dictionary<string, StyleEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries.Where(entry => entry.Path.StartsWith(light + ".", StringComparison.Ordinal) && entry.Type == JsonTokenType.String))
        {
            if (entries.FirstOrDefault(other => other.Path == dark + entry.Path[light.Length..]) is not { Type: JsonTokenType.String } counterpart)
                continue;
            if (!counterparts.TryAdd(entry.Text, counterpart) && !counterparts[entry.Text].Text.Equals(counterpart.Text, StringComparison.OrdinalIgnoreCase))
                yield return (counterpart, $"{counterpart.Path} is {counterpart.Text} and {counterparts[entry.Text].Path} is {counterparts[entry.Text].Text}, but both are {entry.Text} in {light}", "Give both the same dark colour, or change one of the light ones a little.");
        }
    }

    private static (FigureStyle? Style, ImmutableArray<Problem> Problems) Build(string path, string folder, ImmutableArray<StyleEntry> entries)
    {
        string Text(string key) => entries.First(entry => entry.Path == key).Text;
        float Number(string key) => float.Parse(Text(key), CultureInfo.InvariantCulture);
        ImmutableArray<string> Colours(string key) => [.. entries.Where(entry => entry.Path.StartsWith(key + "[", StringComparison.Ordinal)).Select(entry => entry.Text.ToLowerInvariant())];
        ColourScheme Scheme(string name)
        {
            string Colour(string key) => Text($"{name}.{key}").ToLowerInvariant();
            return new(
                Colour("paper"), Colour("ink"), Colour("axis"), Colour("grid"), Colour("context"), Colour("leader"), Colour("baseline"), Colours($"{name}.series"),
                Family.All.ToImmutableSortedDictionary(family => family.Key, family => Colour($"families.{family.Key}"), StringComparer.Ordinal),
                Colours($"{name}.levels"), Colour("attention.settled"), Colour("attention.active"), Colour("shares.kept"), Colour("shares.random"), Colour("shares.masked"));
        }

        string font = Path.Combine(folder, Text("font.file"));
        if (InputFile.Refusal(font, InputFile.MostBytes) is var (what, fix))
            return (null, [new Problem($"{path}: font.file", $"{font} {what}", fix)]);
        var typeface = File.Exists(font) ? SKTypeface.FromFile(font) : null;
        if (typeface is null)
            return (null, [new Problem($"{path}: font.file", $"{font} {(File.Exists(font) ? "is no font" : "does not exist")}", "Name a TrueType or OpenType file, relative to the style file.")]);
        return (new FigureStyle(
            typeface,
            Text("font.family"),
            new Sizes(
                Number("sizes.width"), Number("sizes.panel"), Number("sizes.row"), Number("sizes.text"), Number("sizes.ticks"), Number("sizes.labels"), Number("sizes.label-distance"),
                Number("sizes.label-width"), Number("sizes.mark"), Number("sizes.main-mark"), Number("sizes.dpi")),
            new LineWidths(Number("lines.curve"), Number("lines.context"), Number("lines.leader"), Number("lines.grid"), Number("lines.frame"), Number("lines.reference"), Number("lines.bar")),
            Scheme("light"),
            Scheme("dark")), []);
    }

    private static Problem Unknown(string where, string path, HashSet<string> known)
    {
        string parent = Parent(path), name = path[(parent.Length == 0 ? 0 : parent.Length + 1)..];
        string[] siblings = [.. known.Where(other => Parent(other) == parent).Select(other => other[(parent.Length == 0 ? 0 : parent.Length + 1)..])];
        return new Problem(where, $"unknown key '{name}'{(parent.Length == 0 ? "" : $" under {parent}")}", Spelling.Advice(name, siblings, "keys"));
    }

    private static string Parent(string path) => path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";

    private static IEnumerable<string> Parents(string path)
    {
        for (string parent = Parent(path); parent.Length > 0; parent = Parent(parent))
            yield return parent;
    }

    private static string Shown(StyleEntry entry) => entry.Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{entry.Text}\"",
        _ => entry.Text,
    };

    private static bool IsColour(StyleEntry entry) => entry.Type == JsonTokenType.String && Colour().IsMatch(entry.Text);

    // Line and column, from 1.
    private static string Place(byte[] content, long offset)
    {
        var before = content.AsSpan(0, (int)offset);
        return $"{before.Count((byte)'\n') + 1}:{before.Length - before.LastIndexOf((byte)'\n')}";
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();

    // Without the place, which is reported beside it.
    [GeneratedRegex("^[^.]*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}

/// <summary>A key of the style file, and what may stand there.</summary>
/// <param name="Path">Dotted, such as <c>sizes.width</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Low">The least number, or the least count of colours.</param>
/// <param name="High">The largest.</param>
internal sealed record StyleKey(string Path, StyleKind Kind, double Low = 0, double High = 0)
{
    private static readonly string[] Plain = ["paper", "ink", "axis", "grid", "context", "leader", "baseline"];

    private static readonly string[] Pictures = ["attention.settled", "attention.active", "shares.kept", "shares.random", "shares.masked"];

    private const double LeastPage = 200, MostPage = 2000;

    /// <summary>All of them; each must be there.</summary>
    public static ImmutableArray<StyleKey> All { get; } =
    [
        new("font.file", StyleKind.Text),
        new("font.family", StyleKind.Text),
        new("sizes.width", StyleKind.Number, LeastPage, MostPage),
        new("sizes.panel", StyleKind.Number, 20, MostPage),
        new("sizes.row", StyleKind.Number, 4, 100),
        new("sizes.text", StyleKind.Number, 3, 40),
        new("sizes.ticks", StyleKind.Number, 3, 40),
        new("sizes.labels", StyleKind.Number, 3, 40),
        new("sizes.label-distance", StyleKind.Number, 3, 80),
        new("sizes.label-width", StyleKind.Number, 20, MostPage),
        new("sizes.mark", StyleKind.Number, 0.5, 40),
        new("sizes.main-mark", StyleKind.Number, 0.5, 40),
        new("sizes.dpi", StyleKind.Number, 36, 1200),
        .. new[] { "curve", "context", "leader", "grid", "frame", "reference", "bar" }.Select(name => new StyleKey($"lines.{name}", StyleKind.Number, 0.05, 20)),
        .. new[] { "light", "dark" }.SelectMany(Colours),
    ];

    private static IEnumerable<StyleKey> Colours(string scheme) =>
    [
        .. Plain.Select(name => new StyleKey($"{scheme}.{name}", StyleKind.Colour)),
        new($"{scheme}.series", StyleKind.Colours, 1, 24),
        .. Comparisons.Family.All.Select(family => new StyleKey($"{scheme}.families.{family.Key}", StyleKind.Colour)),
        new($"{scheme}.levels", StyleKind.Colours, 4, 4),
        .. Pictures.Select(name => new StyleKey($"{scheme}.{name}", StyleKind.Colour)),
    ];
}
