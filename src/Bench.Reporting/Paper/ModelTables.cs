using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Paper;

/// <summary>
/// The paper's tables of models: likelihood of the text that was trained on, and of text of other kinds. Ours and the published numbers
/// stand in columns of their own.
/// </summary>
internal sealed class ModelTables(Comparison comparison, ImmutableArray<PublishedNumber> published, Bibliography bibliography,
    RunLinks links)
{
    private const string Paper = "fathi2025unifying";
    private const string Bits = "bits/char";
    private const string PerToken = "published, ppl/token";

    private static readonly ImmutableArray<string> ZeroShotSets = ["PTB", "WikiText", "LAMBADA", "PubMed", "arXiv"];

    // Protocols under which the numbers of one corpus compare with each other.
    private static readonly ImmutableArray<(string Dataset, string Title, string Protocol)> Corpora =
    [
        ("OpenWebText", "OpenWebText", "last 100k documents; GPT-2 BPE, packed, 1024"),
        ("LM1B", "LM1B", "wrapped (packed rows), length 128; 65B tokens"),
    ];

    /// <summary>Test likelihood. The hybrids' own published numbers are not known.</summary>
    public Table? Likelihood()
    {
        List<(PublishedNumber Number, string Dataset)> used = [];
        ImmutableArray<Row> rows =
        [
            .. PaperRow.All.Select(row => Row(
                row,
                ours => [Number(ours, ours.Bits(Splits.Test)), Number(ours, ours.Perplexity(Splits.Test))],
                2,
                Corpora.Select(
                    corpus => Likely(row, corpus.Dataset, corpus.Protocol) is { } number
                        ? (Cell)Theirs(number, used)
                        : new Cell.Absent(
                            row.Published.StartsWith("HDLM", StringComparison.Ordinal)
                                ? "the paper's number was not recovered"
                                : "not published under this protocol")))),
        ];
        return IsMeasured(rows)
            ? new Table(
                "likelihood",
                $"Test likelihood in the paper's layout: ours on {comparison.Corpus}, per character; published on the paper's corpora, "
                    + $"per token. The two sides are different quantities.",
                [
                    .. Models,
                    new("test_bits_per_character", "Test", Bits) { IsUncertain = true },
                    new("test_perplexity_per_character", "Perplexity", "per char") { IsUncertain = true, Format = NumberFormat.Fixed(2) },
                    .. Corpora.Select(
                        corpus => new Column($"published_{corpus.Dataset.ToLowerInvariant()}", corpus.Title,
                            PerToken) { IsUncertain = true }),
                ],
                rows,
                [Chosen,
                    .. Corpora.Select(
                        corpus =>
                            $"{corpus.Title}: {corpus.Protocol}. BD3-LM with blocks of 4. Sources: "
                                + string.Join(", ", used.Where(pair => pair.Dataset == corpus.Dataset)
                                    .Select(pair => bibliography.ShortName(pair.Number.Paper)).Distinct(StringComparer.Ordinal)) + ".")])
            : null;
    }

    /// <summary>Likelihood of text of kinds that no model was trained on. Null where none was measured here.</summary>
    public Table? ZeroShot()
    {
        string[] domains =
        [
            .. comparison.Methods
                .SelectMany(method => method.Finished)
                .SelectMany(run => run.Metrics)
                .Where(row => row.Name == LikelihoodMetrics.Likelihood.Name && Splits.IsZeroShot(row.Split))
                .Select(row => row.Split)
                .Distinct(StringComparer.Ordinal),
        ];
        if (domains.Length == 0)
            return null;
        string[] sets = [.. ZeroShotSets.Where(set => published.Any(number => IsZeroShot(number, set)))];
        ImmutableArray<Row> rows =
        [
            .. PaperRow.All.Select(row => Row(
                row,
                ours => [.. domains.Select(domain => Number(ours, ours.Bits(domain)))],
                domains.Length,
                sets.Select(
                    set => published.FirstOrDefault(number => number.Method == row.Published && IsZeroShot(number, set)) is { } number
                        ? (Cell)Theirs(number)
                        : new Cell.Absent("not published")))),
        ];
        return IsMeasured(rows)
            ? new Table(
                "zero-shot",
                $"Likelihood of text of other kinds: ours trained on {comparison.Corpus} and measured per character, published trained "
                    + $"on OpenWebText and measured per token. Ranks compare; values do not.",
                [
                    .. Models,
                    .. domains.Select(domain => new Column($"{domain}_bits_per_character", domain, Bits) { IsUncertain = true }),
                    .. sets.Select(set => new Column($"published_{set.ToLowerInvariant()}", set, PerToken) { IsUncertain = true }),
                ],
                rows,
                [Chosen,
                    "Published: the table of the authors' website. Which hybrid and which hyperschedule gave each of its numbers is not "
                        + "said there."])
            : null;
    }

    private const string Chosen =
        "Ours: of several hybrids, the one with the best validation likelihood. ≤ marks an upper bound; ± is one standard error.";

    private static ImmutableArray<Column> Models =>
        [new("model", "Model") { Alignment = Alignment.Left }, new("ours", "Ours") { Alignment = Alignment.Left }];

    private static bool IsMeasured(ImmutableArray<Row> rows) => rows.Any(row => row.Cells[1] is Cell.Words);

    private static bool IsZeroShot(PublishedNumber number, string set) =>
        number.Paper == Paper && number.Dataset == set && number.Metric == LikelihoodMetrics.Perplexity.Name
        && number.Protocol.StartsWith("trained on OpenWebText", StringComparison.Ordinal);

    private PublishedNumber? Likely(PaperRow row, string dataset, string protocol) => published.FirstOrDefault(number =>
        number.Dataset == dataset && number.Metric == LikelihoodMetrics.Perplexity.Name
        && number.Protocol == protocol && number.Certainty == Certainty.Paper
        && number.Method == (row.Published == "BD3-LM" ? "BD3-LM L'=4" : row.Published));

    private Row Row(PaperRow row, Func<MethodResult, ImmutableArray<Cell>> measure, int count, IEnumerable<Cell> theirs)
    {
        var absent = new Cell.Absent("no run of it has finished");
        return row.Ours(comparison) is { } ours
            ? new Row([new Cell.Words(row.Title), new Cell.Words(ours.Label, links.ToDefinition(ours)), .. measure(ours), .. theirs])
            : new Row([new Cell.Words(row.Title), absent, .. Enumerable.Repeat(absent, count), .. theirs]);
    }

    private Cell Number(MethodResult ours, Measurement? value) =>
        value is { } number ? new Cell.Number(number, links.To(ours)) : new Cell.Absent("this run recorded no such number");

    private static Cell.Number Theirs(PublishedNumber number, List<(PublishedNumber Number, string Dataset)>? used = null)
    {
        used?.Add((number, number.Dataset));
        return new Cell.Number(
            new Measurement(number.Value, IsUpperBound: number.IsUpperBound)) { Format = NumberFormat.Fixed(number.Decimals) };
    }
}

/// <summary>A row that the paper's tables of models share.</summary>
/// <param name="Title">As the paper calls it.</param>
/// <param name="Published">As the lists of published numbers do.</param>
/// <param name="IsOurs">Which of our methods are meant.</param>
internal sealed record PaperRow(string Title, string Published, Func<MethodResult, bool> IsOurs)
{
    /// <summary>In the paper's order.</summary>
    public static ImmutableArray<PaperRow> All { get; } =
    [
        new("Transformer (AR)", "AR", method => method.Method == "ar"),
        new("SEDD", "SEDD absorb", method => method.Method == "sedd-absorb"),
        new("MDLM", "MDLM", method => method.Method == "mdlm"),
        new("BD3-LM", "BD3-LM", method => method.Method == "bd3lm"),
        new("γ-Hybrid", "HDLM gamma-hybrid", method => Family.Of(method) == Family.Gamma),
        new("ε-Hybrid", "HDLM epsilon-hybrid", method => Family.Of(method) == Family.Epsilon),
    ];

    /// <summary>
    /// Ours; of several the one with the best validation likelihood, since the test text must not choose. Null where none has finished.
    /// </summary>
    public MethodResult? Ours(Comparison comparison) => comparison.Networks
        .Where(method => IsOurs(method) && method.Bits(Splits.Test) is not null)
        .MinBy(method => method.Bits(Splits.Validation)?.Value ?? double.PositiveInfinity);
}
