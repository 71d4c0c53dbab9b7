using System.Runtime.CompilerServices;

namespace Bench.Data;

/// <summary>GPT-2's byte pairs (Radford et al. 2019), which the paper's OpenWebText runs read: known by name and size, made of its merges when a text is opened.</summary>
public sealed class Gpt2Tokenizer : ITokenizerSource
{
    private readonly ConditionalWeakTable<PackageCache, BytePairTokenizer> opened = [];

    private Gpt2Tokenizer()
    {
    }

    /// <summary>The one there is.</summary>
    public static Gpt2Tokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <summary>256 bytes, 50,000 merges and the end mark.</summary>
    public Vocabulary Vocabulary { get; } = new(BytePairTokenizer.Gpt2, 50_257);

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>Reads the merges, once for all that share a cache of packages.</summary>
    /// <exception cref="Bench.Results.SuiteException">The package with the merges cannot be had.</exception>
    public ITokenizer Open(PackageCache packages) => opened.GetValue(packages, static packages =>
    {
        var file = PackageFiles.Gpt2Merges;
        using var text = new Utf8Reader(new MemoryStream(file.Read(packages)), file.Path);
        return new(BytePairMerges.Read(text, file.Path));
    });
}
