using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Html;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Reporting;

/// <summary>
/// The results that are kept in a repository, <c>results/reference/&lt;profile&gt;</c>, and what its documents show of them: the tables
/// beside the runs, and the text between a profile's marks in <c>results/reference/README.md</c> and <c>README.md</c>. Numbers there come
/// from the kept runs and from nowhere else.
/// </summary>
public static class KeptResults
{
    private const string Page = "results/reference/README.md", Front = "README.md", FrontMark = "results", FrontProfile = "laptop";

    // The rows of the front page: a family each.
    private static readonly string[] FrontRows =
        ["AR (GPT)", "Diffusion Forcing", "γ-hybrid, block", "BD3-LM", "MDLM", "GIDD", "ε-hybrid, block", "UDLM"];

    private static readonly (string Table, string Words)[] Linked =
    [
        ("generation", "generated text and its scores"), ("zero-shot", "text of other kinds"), ("correction", "correction"),
        ("throughput", "speed with and without a cache"), ("environment", "where it was made"),
    ];

    /// <summary>The profiles of which results are kept, by name; none in a folder that is no repository.</summary>
    public static ImmutableArray<string> Profiles(string repository) =>
        Path.Combine(repository, "results", "reference") is var kept && Directory.Exists(kept)
            ?
            [
                .. new DirectoryInfo(kept).EnumerateDirectories().Where(folder => Directory.Exists(Path.Combine(folder.FullName, "runs")))
                    .Select(folder => folder.Name).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>What the documents show that the kept runs do not give, line by line; none where all is as they give it.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="publishedRoot">Holds the published numbers.</param>
    /// <param name="claims">The claims that are tested.</param>
    /// <exception cref="SuiteException">A kept run is damaged.</exception>
    public static ImmutableArray<Problem> Check(string repository, string publishedRoot, IReadOnlyList<Claim> claims) =>
    [
        .. from file in Made(repository, publishedRoot, claims)
           from problem in Differing(file.Name, file.Was, file.Now)
           select problem,
    ];

    /// <summary>Writes what differs anew; returns the files.</summary>
    /// <inheritdoc cref="Check"/>
    public static ImmutableArray<string> Update(string repository, string publishedRoot, IReadOnlyList<Claim> claims)
    {
        ImmutableArray<(string Name, string Was, string Now)> changed =
            [.. Made(repository, publishedRoot, claims).Where(file => file.Was != file.Now)];
        foreach (var (name, _, now) in changed)
            AtomicFile.Write(Path.Combine(repository, name), now);
        return [.. changed.Select(file => file.Name)];
    }

    // Every file that shows kept results, as it is and as the runs make it.
    private static IEnumerable<(string Name, string Was, string Now)> Made(
        string repository, string publishedRoot, IReadOnlyList<Claim> claims)
    {
        var profiles = Profiles(repository);
        if (profiles.IsEmpty)
            yield break;
        string Read(string name) => Path.Combine(repository, name) is var path && File.Exists(path) ? InputFile.ReadText(path) : "";
        var page = new Marked(Page, Read(Page));
        var front = new Marked(Front, Read(Front));
        foreach (string profile in profiles)
        {
            string folder = $"results/reference/{profile}";
            var runs = new RunStore(Path.Combine(repository, folder)).ReadAll();
            var all = ReportTables.Of(runs, publishedRoot, claims, new RunLinks(Path.Combine(repository, folder)));
            var tables = all.All
                .Where(table => !table.Name.StartsWith("published-", StringComparison.Ordinal))
                .Where(table => table.Name != "claims" || all.Tested.Any(tested => !tested.Runs.IsEmpty))
                .ToImmutableDictionary(table => table.Name, StringComparer.Ordinal);
            foreach (var (file, text) in tables.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => Formats(pair.Value)))
                yield return ($"{folder}/tables/{file}", Read($"{folder}/tables/{file}"), text);
            page.Put(profile, tables.TryGetValue("claims", out var verdicts)
                ? $"{ClaimsPage.Headline(all.Tested)}\n\n{MarkdownTable.Write(verdicts)}\n{Links(profile, tables)}"
                : Shown(profile, tables));
            if (profile == FrontProfile)
                front.Put(FrontMark, Headline(tables["likelihood"]));
        }

        yield return (Page, Read(Page), page.Text);
        yield return (Front, Read(Front), front.Text);
    }

    private static IEnumerable<(string File, string Text)> Formats(Table table) =>
    [
        ($"{table.Name}.csv", CsvTable.Write(table)), ($"{table.Name}.md", MarkdownTable.Write(table)),
        ($"{table.Name}.tex", LatexTable.Write(table)),
    ];

    private static string Shown(string profile, ImmutableDictionary<string, Table> tables)
    {
        // Further panels of the profile behind the main one.
        string likelihood = MarkdownTable.Write(tables["likelihood"]) + string.Concat(
            tables.Where(table => table.Key.StartsWith("likelihood-", StringComparison.Ordinal))
                .OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => $"\n{MarkdownTable.Write(table.Value)}"));
        return (tables.TryGetValue("differences", out var differences)
            ? $"![Training curves]({profile}/figures/training-curves.svg)\n\n{likelihood}{Counts(differences)}\n"
                + "<details><summary>The differences, one by one</summary>\n\n" + MarkdownTable.Write(differences) + "\n</details>\n"
            : $"<details><summary>The table of {profile}</summary>\n\n{likelihood}\n</details>\n")
            + "\n" + Links(profile, tables);
    }

    private static string Links(string profile, ImmutableDictionary<string, Table> tables) => string.Concat(
        Linked.Where(link => tables.ContainsKey(link.Table)).Select(link => $"[{link.Words}]({profile}/tables/{link.Table}.md),\n"))
        + $"all runs: [{profile}]({profile}).\n";

    // A row of the table of differences is of one quantity, against one reference; the last column is the verdict.
    private static string Counts(Table differences) => string.Concat(
        from row in differences.Rows
        let words = row.Cells.Select(cell => (cell as Cell.Words)?.Text ?? "").ToArray()
        where words[0].StartsWith("test likelihood", StringComparison.Ordinal)
        group words[^1] by words[1] into verdicts
        let noise = verdicts.Count(verdict => verdict == Differences.WithinNoise)
        select $"\n**Against {verdicts.Key}, {noise} of {verdicts.Count()} differences in test likelihood are within noise.**\n");

    // Of the table's own cells: the method, the test likelihood with its interval over seeds, tokens a second.
    private static string Headline(Table likelihood)
    {
        var rows = MarkdownTable.Write(likelihood).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        return "| Method | Test (bits/char) | 95 % interval | Sampling (tokens/s) |\n| :--- | ---: | ---: | ---: |\n" + string.Concat(
            from method in FrontRows
            from row in rows
            where row[1] == method
            select $"| {method} | {row[4]} | {row[5]} – {row[6]} | {row[10]} |\n");
    }

    private static IEnumerable<Problem> Differing(string file, string was, string now)
    {
        const string Fix = "Write it anew with `bench report --documents`; a change that is meant is one of the runs or of the program.";
        if (was == now)
            yield break;
        string[] found = was.Split('\n'), expected = now.Split('\n');
        if (found.Length != expected.Length)
            yield return new Problem(file, $"it has {found.Length} lines, but the kept runs give {expected.Length}", Fix);
        for (int i = 0; i < Math.Min(found.Length, expected.Length); i++)
        {
            if (found[i] == expected[i])
                continue;
            string[] cells = found[i].Split('|', StringSplitOptions.TrimEntries),
                other = expected[i].Split('|', StringSplitOptions.TrimEntries);
            var pairs = cells.Length == other.Length
                ? cells.Zip(other).Where(pair => pair.First != pair.Second).DefaultIfEmpty((found[i], expected[i]))
                : [(found[i], expected[i])];
            foreach (var (a, b) in pairs)
                yield return new Problem($"{file}:{i + 1}", $"'{Short(a)}' is written, but the kept runs give '{Short(b)}'", Fix);
            if (found.Length != expected.Length)
                yield break; // the lines below have moved
        }

        static string Short(string text) => text.Length > 80 ? text[..80] + "..." : text;
    }

    // A document with marked parts: <!-- name --> on a line, its part, <!-- /name -->.
    private sealed class Marked(string file, string text)
    {
        public string Text { get; private set; } = text;

        public void Put(string name, string part)
        {
            string begin = $"<!-- {name} -->\n", end = $"<!-- /{name} -->";
            int from = Text.IndexOf(begin, StringComparison.Ordinal), to = Text.IndexOf(end, StringComparison.Ordinal);
            if (from < 0 || to < from)
            {
                throw new SuiteException(
                    $"{file} has no place for the results of {name}.", $"Add the lines {begin.Trim()} and {end} to it.");
            }

            Text = Text[..(from + begin.Length)] + part + Text[to..];
        }
    }
}
