using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Results;

namespace Bench.Experiments.Definitions;

/// <summary>What a run reads.</summary>
/// <param name="Source">The corpus.</param>
/// <param name="Tokenizer">Turns it into tokens.</param>
/// <param name="Length">L: tokens in a sequence.</param>
public sealed record DataSpec(ISource Source, ITokenizer Tokenizer, int Length)
{
    /// <summary>The corpus's name.</summary>
    public string Corpus => Source.Name;

    /// <summary>Opens the corpus.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public Dataset Open(DataLibrary library) => Source.Open(library, Tokenizer, Length);
}

/// <summary>The keys under <c>data</c>.</summary>
internal static class DataKeys
{
    public static readonly DataSpec Blank = new(null!, null!, 0); // the corpus is required, and brings its usual tokenizer

    public static readonly Key<DataSpec, ISource> Corpus = CorpusOf(_ => null);

    public static readonly Key<DataSpec, string> Tokenizer = new(
        "tokenizer",
        new Words("the name of a tokenizer"),
        "How text becomes tokens: alphabet27, the default, or gpt2, GPT-2's byte pairs (gpt2-pad: and [PAD]; gpt2-N, such as gpt2-1024: "
            + "as many tokens); a Markov source has its own symbols.",
        data => data.Tokenizer.Name,
        (data, name) => data with { Tokenizer = data.Source.TokenizerOf(name) ?? data.Tokenizer });

    public static readonly Key<DataSpec, int> Length = new(
        "length", new Number<int>(new(2, 65_536), "it counts the tokens of a sequence", "Use a length such as 128."),
        "Tokens in a sequence.",
        data => data.Length, (data, value) => data with { Length = value }, "128");

    public static Section Section { get; } = new(Corpus, Tokenizer, Length);

    /// <summary>The same, where a name of examples may stand for a corpus.</summary>
    public static Section SectionOf(Func<string, ISource?> ofTask) => new(CorpusOf(ofTask), Tokenizer, Length);

    private static Key<DataSpec, ISource> CorpusOf(Func<string, ISource?> ofTask) => new(
        "corpus", new SourceKind(ofTask), "The text; a file is cut into 90 % training, 5 % validation and 5 % test.",
        data => data.Source, (data, source) => data with { Source = source, Tokenizer = source.Tokenizers[0] }, IsRequired: true);
}
