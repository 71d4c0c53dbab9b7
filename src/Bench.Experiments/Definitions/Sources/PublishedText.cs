using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>A text that a paper reports a number on: one of <see cref="PublishedFile.All"/>, or a folder of the user's.</summary>
/// <param name="Name">What metrics call it.</param>
/// <param name="Written">As a definition on this machine names it.</param>
/// <param name="Corpus">Its documents.</param>
public sealed record PublishedText(string Name, string Written, TextFolder Corpus)
{
    /// <summary>What a resolved definition calls it: a text is known by its content.</summary>
    public string Identity => $"{Name} {Corpus.Name}";

    /// <summary>All its tokens, a separator between two documents.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public ITokens Open(DataLibrary library, ITokenizer tokenizer) => library.Open(Corpus, tokenizer, Split.Whole);

    /// <summary>The text of a known name.</summary>
    internal static PublishedText Of(PublishedFile file) =>
        new(file.Name, file.Name, new TextFolder(file.Path, file.Part, file.Field, file.Detokenizer));

    /// <summary>A folder with a test part, whose documents are taken as they are.</summary>
    internal static PublishedText Of(string folder) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), folder, new TextFolder(folder, Split.Test, "text", Detokenizer.None));
}

/// <summary>A text by its name, or a folder.</summary>
internal sealed class PublishedTextKind : Kind<PublishedText>
{
    private static string[] Names =>
        [.. PublishedFile.All.Where(file => file.Kind == PublishedFileKind.Text).Select(file => file.Name)];

    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Names)}, or the path of a folder with test.jsonl or test.txt";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override JsonNode Write(PublishedText value) => JsonValue.Create(value.Written);

    /// <inheritdoc/>
    public override JsonNode Identity(PublishedText value) => JsonValue.Create(value.Identity);

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out PublishedText value)
    {
        value = null!;
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        if (PublishedFile.Find(PublishedFileKind.Text, scalar.Text) is { } known)
        {
            value = PublishedText.Of(known);
            return known.IsThere(scalar, report) && IsUsable(value, scalar, path, report);
        }

        if (!NamedFile.IsMeant(scalar.Text))
        {
            report.Add(node, $"unknown text '{scalar.Text}' in {path}",
                $"{Spelling.Advice(scalar.Text, Names, "texts")} For a text of your own write its folder, such as ./mine.");
            return false;
        }

        value = PublishedText.Of(scalar.Text);
        if (Splits.IsZeroShot(value.Name))
            return IsUsable(value, scalar, path, report);
        report.Add(scalar, $"{path}: a text cannot be called {value.Name}, since that is a part of a corpus", "Rename the folder.");
        return false;
    }

    private static bool IsUsable(PublishedText text, Scalar at, string path, Diagnostics report)
    {
        if (text.Corpus.Refusal() is not var (what, fix))
            return true;
        report.Add(at, $"{path}: {what}", fix);
        return false;
    }
}

/// <summary>A text that is only measured, in the place of a corpus: its part is all of it, the others are empty.</summary>
/// <param name="text">The text.</param>
internal sealed class MeasuredText(PublishedText text) : ISource
{
    private readonly TextSource source = new(text.Name, text.Corpus);

    /// <summary>Whether a path is that of a folder with a test part and without a training part.</summary>
    public static bool IsMeant(string path) => NamedFile.IsMeant(path) && Directory.Exists(path)
        && !File.Exists(Path.Combine(path, "train.txt")) && PublishedText.Of(path).Corpus.Refusal() is null;

    /// <inheritdoc/>
    public string Name => text.Name;

    /// <inheritdoc/>
    public string Written => text.Written;

    /// <inheritdoc/>
    public System.Collections.Immutable.ImmutableArray<ITokenizer> Tokenizers => source.Tokenizers;

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer, int length) => source.Open(library, tokenizer, length);

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => null;
}
