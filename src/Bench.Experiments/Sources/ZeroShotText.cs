using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Results;

namespace Bench.Experiments.Sources;

/// <summary>A text of another kind than the training text.</summary>
/// <param name="Name">What metrics call it.</param>
/// <param name="Corpus">Its documents.</param>
public sealed record ZeroShotText(string Name, ICorpus Corpus)
{
    private const string Prefix = "gutenberg-";

    /// <summary>The domains that can be downloaded.</summary>
    public static IReadOnlyList<ZeroShotText> Known { get; } = [.. CorpusCatalog.ZeroShot.Select(corpus => new ZeroShotText(corpus.Name[Prefix.Length..], corpus))];

    /// <summary>What a resolved definition calls it: a file is known by its content.</summary>
    public string Identity => Corpus is FileCorpus ? $"{Name} {Corpus.Name}" : Name;

    /// <summary>All its words.</summary>
    /// <exception cref="Bench.Results.SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public ITokens Open(DataLibrary library, ITokenizer tokenizer) => library.Open(Corpus, tokenizer, Split.Whole);
}
