using System.Text.RegularExpressions;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>Text files use the field's terms (docs/glossary.md), in lines that fit a screen.</summary>
public sealed partial class GlossaryTests
{
    private const int MostWidth = 140;

    [Fact]
    public void No_text_uses_a_word_that_the_glossary_avoids()
    {
        var avoided = AvoidedTerms.Read(File.ReadLines(Path.Combine(Repository.Root, "docs", "glossary.md")));
        Assert.True(avoided.Count > 50, "the table 'Words to avoid' was not read");
        Nothing.In(
            from line in TextLines()
            where !line.IsStored
            from hit in avoided.In(line.Text)
            where !hit.IsAllowedIn(line.File)
            select $"{line.File}:{line.Number}: {hit.Term} -> {hit.Write}");
    }

    [Fact]
    public void No_line_is_longer_than_140_columns() => Nothing.In(
        from line in TextLines()
        where line.Text.EnumerateRunes().Count() > MostWidth && !line.IsLiteral && !line.File.EndsWith(".json", StringComparison.Ordinal)
        where !line.Text.Contains("://", StringComparison.Ordinal)
        where !line.File.EndsWith(".md", StringComparison.Ordinal) || !line.Text.TrimStart().StartsWith('|')
        select $"{line.File}:{line.Number}: {line.Text.EnumerateRunes().Count()} columns");

    [Theory]
    [InlineData("a Green apple", "green apple"), InlineData("GreenApple.Eat()", "green apple"), InlineData("GREEN_APPLE", "green apple")]
    [InlineData("greenApplesOf2", "apples"), InlineData("Some_apples_fall", "apples"), InlineData("an IOApples", "apples")]
    [InlineData("green. Apple", null), InlineData("pineapples, applesauce", null), InlineData("a pear", null)]
    public void Avoided_terms_are_found_in_prose_and_in_identifiers(string line, string? found)
    {
        var avoided = AvoidedTerms.Read(
            ["## Words to avoid", "| not | but |", "| --- | --- |", "| `apples`, `green apple` | pear |", "| a pear | |"]);
        Assert.Equal(found, avoided.In(line).SingleOrDefault()?.Term);
        Assert.All(avoided.In(line), hit => Assert.Equal("pear", hit.Write));
    }

    private static IEnumerable<TextLine> TextLines()
    {
        foreach (string file in TextFiles())
        {
            bool isLiteral = false, isReleased = false, isStored = false;
            foreach (var (i, text) in File.ReadLines(Path.Combine(Repository.Root, file)).Index())
            {
                // Notes of released versions stay as they were.
                isReleased |= file == "CHANGELOG.md" && ReleasedHeading().IsMatch(text);
                // The comment stands behind its line, or above its statement.
                bool isMarked = text.Contains("stored name", StringComparison.OrdinalIgnoreCase);
                isStored |= isMarked && text.TrimStart().StartsWith("//", StringComparison.Ordinal);
                if (!isReleased)
                    yield return new(file, i + 1, text, isLiteral, isStored || isMarked);
                isStored &= !text.EndsWith(';');
                if (file.EndsWith(".cs", StringComparison.Ordinal) && RawQuotes().Count(text) % 2 == 1)
                    isLiteral = !isLiteral;
            }
        }
    }

    // Folders are walked, since a checkout need not have git. Results are data, and golden files are printed by code that is read here.
    private static IEnumerable<string> TextFiles()
    {
        var walked = ((string[])["src", "docs", "experiments", ".ci"])
            .SelectMany(folder => Repository.Files("*", folder))
            .Where(
                file => !file.Split(Path.DirectorySeparatorChar).Contains("golden", StringComparer.OrdinalIgnoreCase)
                    || file.EndsWith(".cs", StringComparison.Ordinal));
        return Directory.EnumerateFiles(Repository.Root).Select(path => Path.GetFileName(path))
            .Concat(walked)
            .Concat(["baselines/README.md", "reports/README.md"])
            .Select(file => file.Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => file != "docs/glossary.md" && (TextName().IsMatch(file) || file.StartsWith(".ci/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\.(cs|cpp|h|md|ya?ml|schema\.json|props|targets|csproj)$|(^|/)(Makefile|CMakeLists\.txt)$")]
    private static partial Regex TextName();

    [GeneratedRegex(@"^## \[?\d")]
    private static partial Regex ReleasedHeading();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuotes();

    // IsLiteral: the line begins within a raw string, so that its width is that of the text it holds.
    private sealed record TextLine(string File, int Number, string Text, bool IsLiteral, bool IsStored);

    /// <summary>
    /// A row of the table: a term, what to write, and the folder or file of a library that has the term in its own names.
    /// </summary>
    private sealed record AvoidedTerm(string Term, string Write, string Except)
    {
        public string[] Parts { get; } = Term.Split(' ');

        public bool IsAllowedIn(string file) => Except.Length > 0 && file.StartsWith(Except, StringComparison.Ordinal);
    }

    /// <summary>The table "Words to avoid": terms in backquotes in its first column are searched for, the rest is for people.</summary>
    private sealed partial class AvoidedTerms(ILookup<string, AvoidedTerm> byFirstWord)
    {
        public int Count => byFirstWord.Sum(terms => terms.Count());

        public static AvoidedTerms Read(IEnumerable<string> glossary) => new(
            (from row in glossary.SkipWhile(line => line != "## Words to avoid").Where(line => line.StartsWith('|'))
             let cells = row.Replace("\\|", "\u2223", StringComparison.Ordinal).Split('|', StringSplitOptions.TrimEntries)
             from term in Quoted().Matches(cells[1]).Select(match => match.Groups["term"].Value)
             select new AvoidedTerm(term, cells[2], cells.Length > 4 ? cells[3].Trim('`') : ""))
            .ToLookup(term => term.Parts[0], StringComparer.OrdinalIgnoreCase));

        public IEnumerable<AvoidedTerm> In(string line)
        {
            Match[] words = [.. Words().Matches(line).Cast<Match>()];
            return
                from first in Enumerable.Range(0, words.Length)
                from term in byFirstWord[words[first].Value]
                where term.Parts.Length <= words.Length - first
                where term.Parts.Zip(words.Skip(first))
                    .All(pair => pair.First.Equals(pair.Second.Value, StringComparison.OrdinalIgnoreCase))
                where Enumerable.Range(first + 1, term.Parts.Length - 1).All(next => Joins(line, words[next - 1], words[next]))
                select term;
        }

        // Words of one phrase or identifier have a space, a hyphen, an underscore or nothing between them.
        private static bool Joins(string line, Match left, Match right) =>
            line[(left.Index + left.Length)..right.Index] is "" or " " or "-" or "_";

        [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
        private static partial Regex Words();

        [GeneratedRegex("`(?<term>[^`]+)`")]
        private static partial Regex Quoted();
    }
}
