using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Content;

/// <summary>What a reader must know to use numbers of generated text: definitions, judges, settings, seeds and counts.</summary>
internal sealed class GenerationNotes(Comparison comparison, ImmutableArray<MethodResult> methods, ImmutableArray<string> judges, ImmutableArray<MethodResult> trainedJudges)
{
    private static readonly (string Name, string Words)[] Definitions =
    [
        (GenerationMetricNames.Perplexity, "Perplexity: e to the power of all nats over all characters under the judge. The mean over sequences, which long tails weigh on, is in the CSV file."),
        (GenerationMetricNames.Entropy, "Entropy: of the token histogram within one sequence, averaged over sequences."),
        (GenerationMetricNames.Distinct + "2", "Distinct-2: the share of different ones among all pairs of words."),
        (GenerationMetricNames.Repetition + "4", "Repeats-4: the share of a sequence's four-word runs that occurred in it before."),
        (GenerationMetricNames.SelfBleu, "Self-BLEU: BLEU-4 of each sequence against all others; 1 when all are alike."),
        (GenerationMetricNames.Mauve, "MAUVE: against as many sequences of the test text; 1 when the two cannot be told apart."),
        (GenerationMetricNames.KnownWords, "Known words: the share of words that the training text has."),
        (GenerationMetricNames.NetworkCalls, "NFE: calls of the network for one batch of sequences."),
    ];

    public IEnumerable<string> All() =>
        [.. Definitions.Where(definition => methods.Any(method => method.Generated.MainRows.Any(row => row.Name == definition.Name))).Select(definition => definition.Words), .. Qualified(), .. Judged(), .. Settings(), Counts(), .. Fewer(), .. Protocols()];

    /// <summary>A setting in words, such as <c>ancestral, 64 steps, temperature 1, cached, 16 at once</c>.</summary>
    internal static string Words(GenerationSetting setting) => string.Join(", ", ((string?[])
    [
        setting.Sampler,
        setting.Steps > 0 ? $"{setting.Steps} steps" : null,
        $"temperature {Number(setting.Temperature)}",
        setting.Nucleus < 1 ? $"nucleus {Number(setting.Nucleus)}" : null,
        setting.Cached ? "with cache" : null,
        $"{setting.Batch} at once",
    ]).OfType<string>());

    private static string Name(GenerationMetric row) => row.Judge.Length == 0 ? row.Name : $"{row.Name} under {row.Judge}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Grouped(string subject, IEnumerable<(string Text, string Method)> pairs)
    {
        var groups = pairs
            .Where(pair => pair.Text.Length > 0)
            .GroupBy(pair => pair.Text, pair => pair.Method, StringComparer.Ordinal)
            .Select(group => (Text: group.Key, Methods: string.Join("; ", group.Distinct(StringComparer.Ordinal))))
            .ToList();
        return groups.Select(group => groups.Count == 1 ? $"{subject}: {group.Text}." : $"{subject} of {group.Methods}: {group.Text}.");
    }

    private IEnumerable<string> Qualified() => comparison.Methods.Any(method => method.Generated.MainRows.Any(row => row is { Name: GenerationMetricNames.Perplexity, Value: double.PositiveInfinity }))
        ? ["An infinite perplexity: the judge rules out a character that was generated."]
        : [];

    // What the judges are worth on real text: a number under a bad judge says little.
    private IEnumerable<string> Judged()
    {
        foreach (string judge in judges)
        {
            if (comparison.NGrams.FirstOrDefault(ngram => ngram.Method == judge) is { } ngram && ngram.Bits(Splits.Test) is { } bits)
                yield return $"Judge {judge}: needs {bits.Text(NumberFormat.Fixed(3))} bits/char for the test text of {comparison.Corpus}.";
            else if (judge == "truth")
                yield return "Judge truth: the law that the training text was drawn from.";
        }

        foreach (var trained in trainedJudges.Where(trained => trained.Runs.Any(run => comparison.Methods.Any(method => method.Definition.Text("judge") == run.Id))))
        {
            string likelihood = trained.Bits(Splits.Test) is { } bits
                ? $"needs {bits.Text(NumberFormat.Fixed(3))} bits/char for the test text of {comparison.Corpus}, which it was not trained on"
                : trained.Remark ?? "its likelihood was not measured";
            yield return $"Judge judge-{trained.Method}, {trained.Label} trained apart from the methods: {likelihood}.";
        }
    }

    private IEnumerable<string> Settings() => Grouped("Setting", methods.Where(method => method.Method != RealText.Method).Select(method => (Words(method.Generated.Main!), method.Label)));

    private string Counts()
    {
        long[] counts = [.. methods.SelectMany(method => method.Generated.MainRows).Where(row => row.Name == GenerationMetricNames.Entropy && row.Undefined is null).Select(row => row.Count).OfType<long>().Distinct().Order()];
        long[] seeds = [.. methods.SelectMany(method => method.Finished).Select(run => run.Seed).Distinct().Order()];
        string sequences = counts.Length == 0 ? "" : $"Sequences a method and seed: {string.Join(" to ", counts is [var only] ? [only] : new[] { counts[0], counts[^1] })}. ";
        return $"{sequences}Seeds: {string.Join(", ", seeds)}.";
    }

    // A mean over those seeds that have a number is not to pass for one over all.
    private IEnumerable<string> Fewer() =>
        from method in methods
        from row in method.Generated.MainRows
        where row.Undefined is not null && method.Generated.Measure(row.Setting, row.Name, row.Judge) is not null
        group method.Label by (Metric: Name(row), row.Undefined) into alike
        select $"Not over every seed: {alike.Key.Metric} of {string.Join("; ", alike.Distinct(StringComparer.Ordinal))}: {alike.Key.Undefined}.";

    // Many numbers share a protocol; the methods are named where others have another one.
    private IEnumerable<string> Protocols()
    {
        var rows = methods.SelectMany(method => method.Generated.MainRows.Where(row => row.Undefined is null), (method, row) => (row.Protocol, Metric: Name(row), method.Label)).ToList();
        foreach (var group in rows.Where(row => row.Protocol.Length > 0).GroupBy(row => row.Protocol, StringComparer.Ordinal))
        {
            string[] metrics = [.. group.Select(row => row.Metric).Distinct(StringComparer.Ordinal)], labels = [.. group.Select(row => row.Label).Distinct(StringComparer.Ordinal)];
            int measured = rows.Where(row => metrics.Contains(row.Metric, StringComparer.Ordinal)).Select(row => row.Label).Distinct(StringComparer.Ordinal).Count();
            yield return $"Protocol of {string.Join(", ", metrics)}{(labels.Length < measured ? $" of {string.Join("; ", labels)}" : "")}: {group.Key}.";
        }
    }
}
