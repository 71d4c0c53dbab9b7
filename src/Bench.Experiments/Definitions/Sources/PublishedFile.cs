using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>
/// A row of <c>experiments/published/files.csv</c>: weights or a text that papers report numbers of, which the user brings, and which
/// definitions call by its name.
/// </summary>
/// <param name="Kind">Which folder it belongs into.</param>
/// <param name="Name">What definitions call it, and its file or folder there.</param>
/// <param name="Bytes">About how large it is.</param>
/// <param name="From">Where the paper or its repository says that it comes from.</param>
public sealed record PublishedFile(PublishedFileKind Kind, string Name, long Bytes, string From)
{
    private static readonly string[] Header = ["kind", "name", "part", "field", "detokenizer", "bytes", "from", "get"];

    private static readonly Lazy<ImmutableArray<PublishedFile>> Read = new(() =>
    {
        using var file = typeof(PublishedFile).Assembly.GetManifestResourceStream("published-files.csv")!;
        using var reader = new StreamReader(file);
        return [.. CsvFormat.Read("published-files.csv", reader.ReadToEnd(), Header, Of)];
    });

    /// <summary>All of them, in the order of the file.</summary>
    public static ImmutableArray<PublishedFile> All => Read.Value;

    /// <summary>Of a text: the part that is measured.</summary>
    public Split Part { get; private init; }

    /// <summary>Of a text: the field of a JSON object that is a document.</summary>
    public string Field { get; private init; } = "";

    /// <summary>Of a text: what undoes its tokenization.</summary>
    public Detokenizer Detokenizer { get; private init; } = Detokenizer.None;

    /// <summary>Where it belongs.</summary>
    public string Path => System.IO.Path.Combine(Kind.Folder, Name);

    /// <summary>A command line that gets it; null where it is got by hand.</summary>
    public string? Get => Command.Length == 0 ? null : Command.Replace("{path}", Path, StringComparison.Ordinal);

    /// <summary>The size for people.</summary>
    public string Size => Bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1e6:0.0} MB");

    /// <summary>The file of a kind and name; null where there is none.</summary>
    public static PublishedFile? Find(PublishedFileKind kind, string name) =>
        All.FirstOrDefault(file => file.Kind == kind && file.Name == name);

    /// <summary>Says that a definition needs it; the report has a problem where it is not there.</summary>
    /// <param name="at">Where it is named.</param>
    /// <param name="report">Takes the need.</param>
    /// <returns>Whether it is there.</returns>
    internal bool IsThere(Node at, Diagnostics report)
    {
        bool isThere = System.IO.Path.Exists(Path);
        report.Need(at, new(Kind.Title, Name, Path, Size, From, isThere),
            $"the {Kind.Title} {Name} {(Kind == PublishedFileKind.Weights ? "are" : "is")} not at {Path} (about {Size}; {From})",
            $"{(Get is { } line ? $"Get {(Kind == PublishedFileKind.Weights ? "them" : "it")}: {line}" : $"Put the file at {Path}")}; "
                + $"{Kind.Variable} names another folder than {Kind.Folder}.");
        return isThere;
    }

    private string Command { get; init; } = "";

    private static PublishedFile Of(CsvFields row) => new(
        PublishedFileKind.All.First(kind => kind.Title == row.Text("kind")), row.Text("name"), row.Whole("bytes"), row.Text("from"))
    {
        Command = row.Text("get"),
        Part = row.Text("part") switch { "validation" => Split.Validation, "train" => Split.Train, _ => Split.Test },
        Field = row.Text("field"),
        Detokenizer = Detokenizer.All.FirstOrDefault(known => known.Name == row.Text("detokenizer")) ?? Detokenizer.None,
    };
}

/// <summary>A kind of file that the user brings.</summary>
/// <param name="Title">For people, and in the table of files.</param>
/// <param name="Variable">The environment variable that names their folder.</param>
/// <param name="Usual">Their folder without it, seen from the folder that the program runs in.</param>
public sealed record PublishedFileKind(string Title, string Variable, string Usual)
{
    /// <summary>Checkpoints.</summary>
    public static PublishedFileKind Weights { get; } = new("weights", "BENCH_WEIGHTS", Path.Combine("data", "weights"));

    /// <summary>Texts, a folder each.</summary>
    public static PublishedFileKind Text { get; } = new("text", "BENCH_TEXTS", Path.Combine("data", "texts"));

    /// <summary>Both.</summary>
    public static ImmutableArray<PublishedFileKind> All { get; } = [Weights, Text];

    /// <summary>Their folder.</summary>
    public string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Usual;
}

/// <summary>The path of a checkpoint: as it is written, or that of weights in <see cref="PublishedFile.All"/> by their name.</summary>
internal static class WeightsPath
{
    /// <summary>The path; null for known weights that are not there, which the report then says.</summary>
    /// <param name="scalar">What was written.</param>
    /// <param name="report">Takes problems and needs.</param>
    public static string? Of(Scalar scalar, Diagnostics report)
    {
        // A file of that name beside the user's definitions is what the user means.
        if (Path.Exists(scalar.Text) || PublishedFile.Find(PublishedFileKind.Weights, scalar.Text) is not { } known)
            return scalar.Text;
        return known.IsThere(scalar, report) ? known.Path : null;
    }
}

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
internal sealed class PublishedTextKind() : TextKind<PublishedText>(
    [.. PublishedFile.All.Where(file => file.Kind == PublishedFileKind.Text).Select(file => file.Name)])
{
    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Names)}, or the path of a folder with test.jsonl or test.txt";

    /// <inheritdoc/>
    public override JsonNode Write(PublishedText value) => JsonValue.Create(value.Written);

    /// <inheritdoc/>
    public override JsonNode Identity(PublishedText value) => JsonValue.Create(value.Identity);

    /// <inheritdoc/>
    protected override bool TryRead(Scalar scalar, string path, Diagnostics report, out PublishedText value)
    {
        value = null!;
        if (PublishedFile.Find(PublishedFileKind.Text, scalar.Text) is { } known)
        {
            value = PublishedText.Of(known);
            return known.IsThere(scalar, report) && IsUsable(value, scalar, path, report);
        }

        if (!NamedFile.IsMeant(scalar.Text))
            return RefuseName(scalar, path, ("text", "texts"), "For a text of your own write its folder, such as ./mine.", report);
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

    /// <summary>Whether a name or path is that of a text: a known one, or a folder with a test part and without a training part.</summary>
    public static bool IsNamed(string name) => PublishedFile.Find(PublishedFileKind.Text, name) is { } known
        ? !Path.Exists(known.Path) || PublishedText.Of(known).Corpus.Refusal() is null
        : NamedFile.IsMeant(name) && Directory.Exists(name) && !File.Exists(Path.Combine(name, "train.txt"))
            && PublishedText.Of(name).Corpus.Refusal() is null;

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
