using System.Collections.Immutable;
using Bench.Data;

namespace Bench.Experiments.Sources;

/// <summary>Text that people wrote: a corpus of the registry, or the user's own file.</summary>
/// <param name="name">The corpus's name, or the file's without its folder.</param>
/// <param name="corpus">The text.</param>
internal sealed class TextSource(string name, ICorpus corpus) : ISource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ImmutableArray<ITokenizer> Tokenizers => [Alphabet27.Instance, BytePairTokenizer.Gpt2];

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer) => library.Open(corpus, tokenizer);

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => null;
}
