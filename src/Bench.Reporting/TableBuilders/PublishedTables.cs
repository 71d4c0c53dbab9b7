using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>What others report, a table a corpus, and ours beside it where corpus, split, metric and unit are the same; where the protocol is another one, that is said in the row.</summary>
internal sealed partial class PublishedTables(ImmutableArray<PublishedNumber> published, ImmutableArray<Comparison> comparisons, Bibliography bibliography, RunLinks links)
{
    // Corpora that models are trained on. Zero-shot numbers and sample quality are for other tables.
    private static readonly (string Dataset, string Name)[] Corpora = [("text8", "text8"), ("LM1B", "lm1b"), ("OpenWebText", "owt")];

    /// <summary>None for a corpus without published numbers.</summary>
    public ImmutableArray<Table> Build() =>
    [
        .. Corpora
            .Select(corpus => (corpus.Dataset, corpus.Name, Rows: published.Where(number => number.Dataset == corpus.Dataset && IsLikelihood(number)).ToList()))
            .Where(corpus => corpus.Rows.Count > 0)
            .Select(corpus => Build(corpus.Dataset, corpus.Name, corpus.Rows)),
    ];

    // A zero-shot perplexity says what the model was trained on, since that is another corpus.
    private static bool IsLikelihood(PublishedNumber number) =>
        (number.Metric == LikelihoodMetrics.Likelihood.Name || number.Metric == LikelihoodMetrics.Perplexity.Name)
        && !number.Protocol.StartsWith("trained on", StringComparison.Ordinal);

    private static bool IsSame(string a, string b) => Plain(a).Equals(Plain(b), StringComparison.Ordinal);

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));

    private Table Build(string dataset, string name, List<PublishedNumber> rows)
    {
        // A perplexity per token is another quantity than one per character, whatever the corpus. The validation text chooses among
        // several definitions of a method: the test text must not.
        List<MethodResult> ours =
        [
            .. comparisons
                .Where(comparison => IsSame(comparison.Corpus, dataset))
                .SelectMany(c => c.Methods)
                .Where(method => method.Bits(Splits.Test) is not null)
                .OrderBy(method => method.Bits(Splits.Validation)?.Value ?? double.PositiveInfinity),
        ];
        string unit = rows.Find(number => ours.Exists(method => InItsUnit(number, method) is not null))?.Unit ?? "";
        bool isComparable = unit.Length > 0;
        string why = ours.Count == 0 ? $"nothing was trained on {dataset}" : "the published numbers are per token and ours per character";
        return new Table(
            $"published-{name}",
            $"Likelihood on {dataset} as reported by others. Lower is better; ≤ marks an upper bound.",
            [
                new("method", "Method") { Alignment = Alignment.Left, IsProse = true },
                new("published", "Published", rows[0].Unit) { IsUncertain = true },
                .. isComparable ? [new Column("ours", "Ours", unit) { IsUncertain = true }, new Column("same_protocol", "Same protocol") { Alignment = Alignment.Left, IsProse = true }] : ImmutableArray<Column>.Empty,
                new("protocol", "Protocol") { Alignment = Alignment.Left, IsProse = true },
                new("source", "Source") { Alignment = Alignment.Left },
                new("certainty", "Read in") { Alignment = Alignment.Left },
            ],
            [.. rows.Select(number => Row(number, isComparable, ours))],
            [
                isComparable ? "Ours differ in model size and training. Same protocol: whether the test text is cut as it was there; with other chunks a model has more or less context, and the number is another." : $"None of ours is comparable: {why}.",
                "Numbers under different protocols are different quantities.",
            ]);
    }

    private Row Row(PublishedNumber number, bool isComparable, List<MethodResult> ours) => new(
    [
        new Cell.Words(number.Method),
        new Cell.Number(new Measurement(number.Value, IsUpperBound: number.IsUpperBound)) { Format = NumberFormat.Fixed(number.Decimals) },
        .. isComparable ? Ours(number, ours) : [],
        new Cell.Words(number.Protocol),
        new Cell.Words(bibliography.ShortName(number.Paper) + (number.Table.Length == 0 ? "" : $", {number.Table}"), bibliography.Address(number.Paper)),
        new Cell.Words(number.Certainty switch
        {
            Certainty.Paper => "the paper",
            Certainty.Website => "the authors' website",
            Certainty.Secondary => "another text",
            _ => "memory, unverified",
        }),
    ]);

    private ImmutableArray<Cell> Ours(PublishedNumber number, List<MethodResult> ours)
    {
        if (!ours.Exists(method => InItsUnit(number, method) is not null))
            return Absent("this number has another unit than ours");
        return ours.Find(method => IsSame(method.Method, number.Method) && InItsUnit(number, method) is not null) is { } same
            ? [new Cell.Number(InItsUnit(number, same)!.Value, links.To(same)), new Cell.Words(Sameness(number, same))]
            : Absent("this method has no finished run on this text");
    }

    // Our number in the same unit.
    private static Measurement? InItsUnit(PublishedNumber number, MethodResult method) => number.Unit == method.Units.Bits ? method.Bits(Splits.Test)
        : number.Unit == method.Units.Perplexity ? method.Perplexity(Splits.Test)
        : null;

    private static ImmutableArray<Cell> Absent(string why) => [new Cell.Absent(why), new Cell.Absent(why)];

    // What is known of both protocols: what the tokens are, and how much text a model sees at once.
    private static string Sameness(PublishedNumber number, MethodResult ours)
    {
        double? length = ours.Definition.Number("data.length");
        string chunks = length is { } characters ? $"chunks of {characters.ToString("R", CultureInfo.InvariantCulture)}" : "chunks of unknown length";
        if (ours.Units == LikelihoodUnits.Token && !number.Protocol.Contains("GPT-2", StringComparison.Ordinal))
            return $"no: ours has {ours.Definition.Text("data.tokenizer")} tokens";
        return ChunkLength().Match(number.Protocol) is { Success: true } theirs
            ? theirs.Groups["length"].Value == length?.ToString("R", CultureInfo.InvariantCulture) ? ours.Units == LikelihoodUnits.Token ? "in tokens and length" : "yes" : $"no: {chunks}"
            : $"unknown: ours has {chunks}";
    }

    [GeneratedRegex(@"\b(chunks of|packed,|length) (?<length>\d+)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex ChunkLength();
}
