using System.Text.Json.Nodes;
using Bench.Data.Corpora;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>A text file of the user's own, or a folder with a file for each part, which a definition names by its path.</summary>
/// <param name="Name">The file's or folder's name without the folder that it is in.</param>
/// <param name="Corpus">The text.</param>
internal sealed record NamedFile(string Name, FileCorpus Corpus)
{
    /// <summary>How it is written, as text.</summary>
    public const string Expected = "the path of a UTF-8 text file, or of a folder with train.txt, validation.txt and test.txt";

    /// <summary>Advice where a file may have been meant.</summary>
    public const string Advice = "For a text of your own write its file, such as ./text.txt.";

    /// <summary>Whether a path is meant and no name: names have neither slashes nor dots.</summary>
    public static bool IsMeant(string text) => text.AsSpan().ContainsAny('/', '\\', '.');

    /// <summary>The file, unread; the report says what is wrong with it.</summary>
    /// <param name="scalar">What was written.</param>
    /// <param name="path">The key with the sections it is in.</param>
    /// <param name="report">Takes problems.</param>
    public static NamedFile Read(Scalar scalar, string path, Diagnostics report)
    {
        var file = Of(scalar.Text);
        foreach (var problem in file.Corpus.Check(path))
            report.Add(scalar, $"{path}: {problem.What}", problem.Fix);
        return file;
    }

    // A given split, as that of LM1B.
    private static NamedFile Of(string path) => Directory.Exists(path)
        ? new(
            Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)),
            new FileCorpus(Path.Combine(path, "train.txt"), Path.Combine(path, "validation.txt"), Path.Combine(path, "test.txt")))
        : new(Path.GetFileName(path), new FileCorpus(path));
}

/// <summary>A text that a definition calls by a known name or by its path.</summary>
/// <param name="names">The known names.</param>
internal abstract class TextKind<T>(IReadOnlyList<string> names) : Kind<T>
{
    /// <summary>The known names.</summary>
    protected IReadOnlyList<string> Names => names;

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out T value) =>
        node is Scalar { IsNothing: false } scalar ? TryRead(scalar, path, report, out value) : Refuse(node, path, report, out value);

    /// <summary>Reads what is written; where that fails the report says why.</summary>
    /// <inheritdoc cref="Kind{T}.TryRead"/>
    protected abstract bool TryRead(Scalar scalar, string path, Diagnostics report, out T value);

    /// <summary>Reports a name that is not known.</summary>
    /// <param name="scalar">What was written.</param>
    /// <param name="path">The key with the sections it is in.</param>
    /// <param name="called">What one of them is called, and several.</param>
    /// <param name="advice">What to write for a text of the user's own.</param>
    /// <param name="report">Takes the problem.</param>
    protected bool RefuseName(Scalar scalar, string path, (string One, string Several) called, string advice, Diagnostics report)
    {
        report.Add(
            scalar, $"unknown {called.One} '{scalar.Text}' in {path}", $"{Spelling.Advice(scalar.Text, names, called.Several)} {advice}");
        return false;
    }
}
