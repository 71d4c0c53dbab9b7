using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>The main table: one row a method, baselines first.</summary>
internal sealed class LikelihoodTable(Comparison comparison, RunLinks links)
{
    // Ends of an interval that only several seeds have.
    private static readonly ImmutableArray<Column> Seeded =
        [new("test_seeds_low", "Test, seeds", "95 % from"), new("test_seeds_high", "Test, seeds", "to")];

    // Those whose places are fixed, or in another table.
    private static readonly ImmutableArray<MetricDescriptor> Placed =
    [
        LikelihoodMetrics.Likelihood, LikelihoodMetrics.Nats, LikelihoodMetrics.Perplexity, LikelihoodMetrics.PerCharacter,
        LikelihoodMetrics.KlFromTruth, TrainingMetrics.Parameters, TrainingMetrics.Speed, TrainingMetrics.WallTime, TrainingMetrics.Tokens,
    ];

    private readonly bool hasCharacters = comparison.Units != LikelihoodUnits.Character;

    private readonly bool hasSeeds = comparison.Methods.Any(method => method.SeedSpread is not null);

    private readonly bool hasKl = comparison.Methods.Any(method => method.KlFromTruth is not null);

    // Those that are not Placed: metrics that were added since, behind all others.
    private readonly ImmutableArray<MetricDescriptor> others =
    [
        .. comparison.Catalog.Shown(MetricKind.Likelihood, MetricKind.Training)
            .Except(Placed)
            .Where(metric => comparison.Methods.Any(method => Measure(method, metric) is not null)),
    ];

    private IEnumerable<Column> Columns()
    {
        string per = comparison.Units.One;
        var bits = Of(LikelihoodMetrics.Likelihood);
        yield return new("method", "Method") { Alignment = Alignment.Left };
        yield return Of(TrainingMetrics.Parameters);
        yield return bits with { Key = $"validation_bits_per_{per}", Title = "Validation" };
        yield return bits with { Key = $"test_bits_per_{per}", Title = "Test" };
        foreach (var column in hasSeeds ? Seeded : [])
            yield return column;
        yield return Of(LikelihoodMetrics.Perplexity) with { Key = $"test_perplexity_per_{per}", Unit = $"per {comparison.Units.Short}" };
        if (hasCharacters)
            yield return Of(LikelihoodMetrics.PerCharacter) with { Key = "test_bits_per_character", Title = "Test" };
        if (hasKl)
            yield return Of(LikelihoodMetrics.KlFromTruth);
        yield return new("beats", "Beats") { Alignment = Alignment.Left };
        yield return Of(TrainingMetrics.Speed);
        yield return Of(GenerationCosts.TokensPerSecond) with
        {
            Key = "sampling_tokens_per_second",
            Title = "Sampling",
            Unit = GenerationCosts.TokensPerSecond.Unit,
            Interval = IntervalUse.None,
        };
        yield return Of(TrainingMetrics.WallTime);
        yield return Of(TrainingMetrics.Tokens);
        foreach (var metric in others)
            yield return Of(metric);
        yield return new("seeds", "Seeds") { Format = NumberFormat.Plain };
        yield return new("data", "Data") { Alignment = Alignment.Left, IsDataOnly = true };
    }

    private Column Of(MetricDescriptor metric) => metric.ColumnOf(comparison.Units);

    private static Measurement? Measure(MethodResult method, MetricDescriptor metric) =>
        metric.Kind == MetricKind.Likelihood ? method.Bounded(metric, Splits.Test) : method.Measure(metric);

    public Table Build() => new(
        $"likelihood{comparison.Suffix}",
        $"Likelihood on {comparison.Corpus}. Lower is better; ≤ marks an upper bound; ± is one standard error.",
        [.. Columns()],
        [.. comparison.Methods.Where(method => method.Method != RealText.Method).Select(Row)],
        [.. Notes()])
    {
        Protocols =
        [
            .. ProtocolLines.Of(
                from method in comparison.Methods
                from protocol in method.Protocols(Splits.Test)
                select (method.NGramOrder is null ? method.Label : "n-grams", protocol)),
        ],
    };

    private Row Row(MethodResult method) => new(
    [
        new Cell.Words(method.Label, links.ToDefinition(method)),
        Number(method, method.Measure(TrainingMetrics.Parameters)),
        Number(method, method.Bits(Splits.Validation)),
        Number(method, method.Bits(Splits.Test)),
        .. hasSeeds ? OverSeeds(method) : [],
        Number(method, method.Perplexity(Splits.Test)),
        .. hasCharacters ? [Number(method, method.BitsPerCharacter(Splits.Test))] : ImmutableArray<Cell>.Empty,
        .. hasKl ? [Number(method, method.KlFromTruth)] : ImmutableArray<Cell>.Empty,
        Beats(method),
        Number(method, Mean(method.Measure(TrainingMetrics.Speed))),
        Sampling(method),
        Number(method, Mean(method.Measure(TrainingMetrics.WallTime))),
        Number(method, method.Measure(TrainingMetrics.Tokens)),
        .. others.Select(metric => Number(method, Measure(method, metric))),
        method.Finished.Length == 0 ? new Cell.Absent("no seed has finished") : new Cell.Number(new Measurement(method.Finished.Length)),
        new Cell.Words(comparison.ShortHash),
    ])
    {
        IsBaseline = method.NGramOrder is not null,
        Remark = method.Remark,
    };

    // Means of speeds: their spread over seeds says more of the machine than of the method.
    private static Measurement? Mean(Measurement? speed) => speed is { } found ? found with { StandardError = null, Interval = null } : null;

    private Cell Sampling(MethodResult method) => method.Generated.Main is not { } main
        ? new Cell.Absent("no generation was measured")
        : Mean(method.Generated.Measure(main, GenerationCosts.TokensPerSecond)) is { } speed
        ? new Cell.Number(speed, links.To(method, "generation.csv"))
        : new Cell.Absent("its generation was not timed");

    private Cell Number(MethodResult method, Measurement? value) => value is { } number
        ? new Cell.Number(number, links.To(method))
        : new Cell.Absent(method.NGramOrder is null ? "this run recorded no such number" : "not measured: an n-gram model is counted, not trained step by step");

    private static ImmutableArray<Cell> OverSeeds(MethodResult method) => method.SeedSpread is { Interval: { } interval }
        ? [new Cell.Number(new Measurement(interval.Low)), new Cell.Number(new Measurement(interval.High))]
        : [.. Enumerable.Repeat(new Cell.Absent("one seed has no spread"), Seeded.Length)];

    private Cell Beats(MethodResult method)
    {
        if (method.NGramOrder is not null)
            return new Cell.Absent("is itself an n-gram baseline");
        if (method.Bits(Splits.Test) is null || !comparison.NGrams.Any())
            return new Cell.Absent("there is nothing to compare: no n-gram baseline, or no test likelihood");
        return new Cell.Words(comparison.BeatenNGram(method)?.Label ?? "none");
    }

    private IEnumerable<string> Notes()
    {
        if (comparison.NGrams.Any())
            yield return "Beats: the strongest n-gram whose test likelihood is worse by more than twice their combined standard error.";
        if (comparison.Methods.Any(method => method.Finished.Length > 1))
            yield return "With several seeds a number is their mean, and its standard error combines the seeds' with the measurement's. The interval is Student's t over seeds alone, on the same text.";
        string? untested = Differences.Untested(comparison);
        if (untested is not null)
            yield return untested;

        var entropies = comparison.Methods.Select(method => method.Measure(LikelihoodMetrics.TrueEntropy, Splits.Test));
        if (entropies.FirstOrDefault(found => found is not null) is { } truth)
            yield return $"Truth: the distribution that the text was drawn from needs {truth.Text(NumberFormat.Fixed(3))} {comparison.Units.Bits} for the same test chunks; no model is better except by chance.";

        if (hasCharacters)
            yield return LikelihoodMetrics.PerCharacter.Note(comparison.Units);
        foreach (var metric in others.Where(metric => metric.IsNoted))
            yield return metric.Note(comparison.Units);
        yield return $"Data: {comparison.Corpus}, SHA-256 {comparison.DataHash}.";
    }
}
