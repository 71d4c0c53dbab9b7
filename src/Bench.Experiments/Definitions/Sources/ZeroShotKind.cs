using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>A domain that can be downloaded, or a text file.</summary>
internal sealed class ZeroShotKind() : TextKind<ZeroShotText>([.. ZeroShotText.Known.Select(text => text.Name)])
{
    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Names)}, or {NamedFile.Expected}";

    /// <inheritdoc/>
    public override JsonNode Write(ZeroShotText value) => JsonValue.Create(value.Written);

    /// <inheritdoc/>
    public override JsonNode Identity(ZeroShotText value) => JsonValue.Create(value.Identity);

    /// <inheritdoc/>
    protected override bool TryRead(Scalar scalar, string path, Diagnostics report, out ZeroShotText value)
    {
        value = null!;
        if (ZeroShotText.Known.FirstOrDefault(text => text.Name == scalar.Text) is { } known)
        {
            value = known;
            return true;
        }

        if (!NamedFile.IsMeant(scalar.Text))
            return RefuseName(scalar, path, ("text", "texts"), NamedFile.Advice, report);
        int before = report.Count;
        var file = NamedFile.Read(scalar, path, report);
        if (!Splits.IsZeroShot(file.Name))
            report.Add(scalar, $"{path}: a text cannot be called {file.Name}, since that is a part of the corpus", "Rename the file.");
        value = new ZeroShotText(file.Name, file.Corpus) { Written = scalar.Text };
        return report.Count == before;
    }
}

/// <summary>A text of another kind than the training text.</summary>
/// <param name="Name">What metrics call it.</param>
/// <param name="Corpus">Its documents.</param>
public sealed record ZeroShotText(string Name, ICorpus Corpus)
{
    private const string Prefix = "gutenberg-";

    /// <summary>The domains that can be downloaded.</summary>
    public static IReadOnlyList<ZeroShotText> Known { get; } =
        [.. CorpusCatalog.ZeroShot.Select(corpus => new ZeroShotText(corpus.Name[Prefix.Length..], corpus))];

    /// <summary>What a definition on this machine says for it: the path of a file.</summary>
    public string Written { get; init; } = Name;

    /// <summary>What a resolved definition calls it: a file is known by its content.</summary>
    public string Identity => Corpus is FileCorpus ? $"{Name} {Corpus.Name}" : Name;

    /// <summary>All its tokens.</summary>
    /// <exception cref="Bench.Results.SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public ITokens Open(DataLibrary library, ITokenizer tokenizer) => library.Open(Corpus, tokenizer, Split.Whole);
}
