using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Sources;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>What a run reads.</summary>
/// <param name="Source">The corpus.</param>
/// <param name="Tokenizer">Turns it into words.</param>
/// <param name="Length">L: words in a sequence.</param>
public sealed record DataSpec(ISource Source, ITokenizer Tokenizer, int Length)
{
    /// <summary>The corpus's name.</summary>
    public string Corpus => Source.Name;

    /// <summary>Opens the corpus.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public Dataset Open(DataLibrary library) => Source.Open(library, Tokenizer);
}
