using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>What a definition's <c>data.corpus</c> stands for.</summary>
public interface ISource
{
    /// <summary>The name in resolved definitions: the same on every machine.</summary>
    string Name { get; }

    /// <summary>What a definition on this machine says for it: the path of a file.</summary>
    string Written => Name;

    /// <summary>The tokenizers that can read it, the usual one first.</summary>
    ImmutableArray<ITokenizer> Tokenizers { get; }

    /// <summary>The tokenizer of a name, which need not be listed: a text has vocabularies of many sizes; null for none.</summary>
    ITokenizer? TokenizerOf(string tokenizer) => Tokenizers.FirstOrDefault(each => each.Name == tokenizer);

    /// <summary>Opens the corpus as tokens; the first time it may be downloaded or drawn.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    /// <param name="library">Where what is downloaded or drawn is kept.</param>
    /// <param name="tokenizer">One that <see cref="TokenizerOf"/> gives.</param>
    /// <param name="length">L: tokens in a sequence; a text is the same for all.</param>
    Dataset Open(DataLibrary library, ITokenizer tokenizer, int length);

    /// <summary>
    /// −ln p of a chunk under the distribution that the text was drawn from, in nats; null where that distribution is unknown.
    /// </summary>
    double? ExactNats(ReadOnlySpan<int> chunk);
}
