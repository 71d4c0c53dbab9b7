using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.NGrams;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>
/// The default corpus in the 27-symbol form and an n-gram model of its training part, shared by the tests that need them.
/// </summary>
public sealed class DefaultCorpus : IDisposable
{
    public DataLibrary Library { get; } = new();

    public Dataset Data { get; }

    public WittenBell Model { get; }

    public DefaultCorpus()
    {
        Data = Library.Open(CorpusCatalog.Sotu, Alphabet27.Instance);
        Model = WittenBell.Fit(Data.Train.ToArray(), Data.Vocabulary.TokenCount, order: 6);
    }

    public void Dispose() => Data.Dispose();
}

[CollectionDefinition(nameof(DefaultCorpus))]
public sealed class DefaultCorpusDefinition : ICollectionFixture<DefaultCorpus>;
