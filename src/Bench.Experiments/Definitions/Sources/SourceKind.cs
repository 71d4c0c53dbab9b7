using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Sources;

/// <summary>A corpus of the registry, a Markov source, or a text file; or the examples of a task.</summary>
/// <param name="ofTask">The examples of a task, by their name; null where there are none of that name.</param>
internal sealed class SourceKind(Func<string, ISource?> ofTask)
    : TextKind<ISource>([CorpusCatalog.Sotu.Name, SourceKind.Markov]) // the other corpora of the registry are for zero-shot evaluation
{
    private const string Markov = "markov";
    private const string MarkovForm = "markov-SYMBOLS-ORDER-SHARPNESS-SEED";

    /// <inheritdoc/>
    public override string Expected => $"{string.Join(", ", Names)}, {MarkovForm}, or {NamedFile.Expected}";

    /// <inheritdoc/>
    public override JsonNode Write(ISource value) => JsonValue.Create(value.Written);

    /// <inheritdoc/>
    public override JsonNode Identity(ISource value) => JsonValue.Create(value.Name);

    /// <inheritdoc/>
    protected override bool TryRead(Scalar scalar, string path, Diagnostics report, out ISource value)
    {
        value = null!;
        if (scalar.Text == CorpusCatalog.Sotu.Name)
            value = new TextSource(CorpusCatalog.Sotu.Name, CorpusCatalog.Sotu);
        else if (scalar.Text == Markov)
            value = new MarkovText(new MarkovCorpus());
        else if (scalar.Text.StartsWith($"{Markov}-", StringComparison.Ordinal))
            return TryReadMarkov(scalar, path, report, out value);
        else if (ofTask(scalar.Text) is { } own)
            value = own;
        else if (PublishedFile.Find(PublishedFileKind.Text, scalar.Text) is not null || MeasuredText.IsNamed(scalar.Text))
            return TryReadMeasured(scalar, path, report, out value);
        else if (NamedFile.IsMeant(scalar.Text))
            return TryReadFile(scalar, path, report, out value);
        else if (CorpusCatalog.TryFind(scalar.Text) is not null)
        {
            report.Add(
                scalar,
                $"{path} is {scalar.Text}, which is kept for zero-shot evaluation: nothing is trained on it",
                $"Train on one of: {string.Join(", ", Names)}.");
        }
        else
        {
            return RefuseName(scalar, path, ("corpus", "corpora"), NamedFile.Advice, report);
        }

        return value is not null;
    }

    private static bool TryReadMeasured(Scalar scalar, string path, Diagnostics report, out ISource value)
    {
        value = null!;
        if (!new PublishedTextKind().TryRead(scalar, path, report, out var text))
            return false;
        value = new MeasuredText(text);
        return true;
    }

    private static bool TryReadFile(Scalar scalar, string path, Diagnostics report, out ISource value)
    {
        int before = report.Count;
        var file = NamedFile.Read(scalar, path, report);
        value = new TextSource(file.Name, file.Corpus) { Written = scalar.Text };
        return report.Count == before;
    }

    private static bool TryReadMarkov(Scalar scalar, string path, Diagnostics report, out ISource value)
    {
        value = null!;
        string[] parts = scalar.Text.Split('-');
        if (parts.Length != 5
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int symbols)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int order)
            || !double.TryParse(parts[3], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double sharpness)
            || !ulong.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            report.Add(
                scalar,
                $"{path} is {scalar.Text}, but a Markov source is written {MarkovForm}",
                "Write for example markov-8-2-2-1: 8 symbols, order 2, sharpness 2, seed 1.");
            return false;
        }

        // Beyond these the stationary distribution takes minutes to find.
        const double MostSharpness = 4;
        const int MostEntries = 1 << 16;
        if (symbols is < 2 or > 256 || order is < 1 or > 15 || sharpness > MostSharpness || Math.Pow(symbols, order + 1) > MostEntries)
        {
            report.Add(
                scalar,
                $"{path} is {scalar.Text}, but a source has 2 to 256 symbols, an order of 1 to 15, a sharpness in [0, {MostSharpness}] "
                    + $"and at most {MostEntries} numbers in its table, symbols^(order + 1)",
                "Use fewer symbols or a lower order, such as markov-8-2-2-1.");
            return false;
        }

        value = new MarkovText(new MarkovCorpus(symbols, order, sharpness, seed));
        return true;
    }
}

/// <summary>Text drawn from a Markov source, whose true distribution is known: bounds are compared with its entropy.</summary>
/// <param name="corpus">The text and its source.</param>
public sealed class MarkovText(MarkovCorpus corpus) : ISource
{
    /// <inheritdoc/>
    public string Name => corpus.Name;

    /// <inheritdoc/>
    public ImmutableArray<ITokenizer> Tokenizers => [corpus.Tokenizer];

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer, int length) => library.Open(corpus);

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => -corpus.Source.LogLikelihood(chunk);
}

/// <summary>Text that people wrote: a corpus of the registry, or the user's own file.</summary>
/// <param name="name">The corpus's name, or the file's without its folder.</param>
/// <param name="corpus">The text.</param>
internal sealed class TextSource(string name, ICorpus corpus) : ISource
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Written { get; init; } = name;

    /// <inheritdoc/>
    public ImmutableArray<ITokenizer> Tokenizers => TextTokenizers.Usual;

    /// <inheritdoc/>
    public ITokenizer? TokenizerOf(string tokenizer) => TextTokenizers.Find(tokenizer);

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer, int length) => library.Open(corpus, tokenizer);

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => null;
}
