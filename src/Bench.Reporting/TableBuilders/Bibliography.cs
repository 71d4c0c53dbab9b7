using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bench.Results.Files;

namespace Bench.Reporting.TableBuilders;

/// <summary>The entries of a BibTeX file, as they are written there.</summary>
public sealed partial class Bibliography
{
    private static readonly Dictionary<string, string> Accented = new(StringComparer.Ordinal)
    {
        ["\"a"] = "ä", ["\"e"] = "ë", ["\"i"] = "ï", ["\"o"] = "ö", ["\"u"] = "ü", ["\"A"] = "Ä", ["\"O"] = "Ö", ["\"U"] = "Ü",
        ["'a"] = "á", ["'e"] = "é", ["'i"] = "í", ["'o"] = "ó", ["'u"] = "ú", ["'E"] = "É", ["`a"] = "à", ["`e"] = "è", ["^e"] = "ê",
        ["^o"] = "ô",
    };

    private readonly ImmutableArray<Entry> entries;

    private Bibliography(ImmutableArray<Entry> entries) => this.entries = entries;

    /// <summary>Its keys, in the file's order.</summary>
    public IEnumerable<string> Keys => entries.Select(entry => entry.Key);

    /// <summary>Reads a file; one that is not there has no entries.</summary>
    public static Bibliography Read(string path) => Parse(File.Exists(path) ? InputFile.ReadText(path) : "");

    /// <summary>Reads entries that start with @ at the beginning of a line and end with } on one.</summary>
    public static Bibliography Parse(string text) =>
        new([.. EntryPattern().Matches(text.ReplaceLineEndings("\n")).Select(match => new Entry(match.Groups["key"].Value, match.Value))]);

    /// <summary>The BibTeX of every paper that the texts name, by key, arXiv number or authors and year, in the file's order.</summary>
    public ImmutableArray<string> Cited(IEnumerable<string> papers)
    {
        var cited = papers.Select(Find).OfType<Entry>().ToHashSet();
        return [.. entries.Where(cited.Contains).Select(entry => entry.Text)];
    }

    /// <summary>Such as "Sahoo et al. 2024"; the text itself when it names no entry.</summary>
    public string ShortName(string paper) => Find(paper)?.ShortName ?? paper;

    /// <summary>Where the paper is; null when only its entry is known.</summary>
    public string? Address(string paper) => Find(paper) is { } entry
        ? entry.Field("eprint") is { Length: > 0 } number ? $"https://arxiv.org/abs/{number}" : null
        : paper.StartsWith("github.com/", StringComparison.Ordinal) ? $"https://{paper}" : null;

    // Composed by hand: string.Normalize leaves letters alone in the invariant culture.
    private static string Bare(string name) => AccentPattern()
        .Replace(name, match => Accented.GetValueOrDefault(match.Groups["accent"].Value, match.Groups["accent"].Value[1..]))
        .Trim();

    private Entry? Find(string paper) => paper.Length == 0
        ? null
        : entries.FirstOrDefault(
            entry => paper == entry.Key
                || (entry.Field("eprint") is { Length: > 0 } number && paper.Contains(number, StringComparison.Ordinal)))
            ?? entries.FirstOrDefault(entry => paper == entry.ShortName);

    [GeneratedRegex(@"^@\w+\{(?<key>[^,\s]+),.*?^\}", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex EntryPattern();

    [GeneratedRegex("""\{\\(?<accent>["'`^]\w)\}""", RegexOptions.ExplicitCapture)]
    private static partial Regex AccentPattern();

    private sealed record Entry(string Key, string Text)
    {
        public string ShortName
        {
            get
            {
                string[] names = [.. Field("author").Split(" and ").Select(author => Bare(author.Split(',')[0]))];
                return $"{(names.Length switch { 1 => names[0], 2 => $"{names[0]} and {names[1]}", _ => $"{names[0]} et al." })} "
                    + $"{Field("year")}";
            }
        }

        public string Field(string name) =>
            Regex.Match(Text, $@"^\s*{name}\s*=\s*\{{(?<value>.*)\}},?\s*$",
                RegexOptions.Multiline | RegexOptions.ExplicitCapture).Groups["value"].Value;
    }
}
