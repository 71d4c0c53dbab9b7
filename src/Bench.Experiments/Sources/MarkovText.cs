using System.Collections.Immutable;
using Bench.Data;

namespace Bench.Experiments.Sources;

/// <summary>Text drawn from a Markov source: the truth against which bounds are judged.</summary>
/// <param name="corpus">The text and its source.</param>
public sealed class MarkovText(MarkovCorpus corpus) : ISource
{
    /// <inheritdoc/>
    public string Name => corpus.Name;

    /// <inheritdoc/>
    public ImmutableArray<ITokenizer> Tokenizers => [corpus.Tokenizer];

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer) => library.Open(corpus);

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => -corpus.Source.LogLikelihood(chunk);
}
