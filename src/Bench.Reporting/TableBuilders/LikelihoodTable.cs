using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.TableBuilders;

/// <summary>The main table: one row a method, baselines first.</summary>
internal sealed class LikelihoodTable(Comparison comparison, RunLinks links)
{
    private readonly ImmutableArray<Column> columns =
    [
        new("method", "Method") { Alignment = Alignment.Left },
        new("parameters", "Params") { Format = NumberFormat.Compact },
        new($"validation_bits_per_{comparison.Units.One}", "Validation", comparison.Units.Bits) { IsUncertain = true },
        new($"test_bits_per_{comparison.Units.One}", "Test", comparison.Units.Bits) { IsUncertain = true },
        new($"test_perplexity_per_{comparison.Units.One}", "Perplexity", $"per {comparison.Units.Short}") { IsUncertain = true, Format = NumberFormat.Fixed(2) },
        new("beats", "Beats") { Alignment = Alignment.Left },
        new("training_tokens_per_second", "Training", "tokens/s") { Format = NumberFormat.Compact },
        new("sampling_tokens_per_second", "Sampling", "tokens/s") { Format = NumberFormat.Compact },
        new("wall_time_seconds", "Time") { Format = NumberFormat.Duration },
        new("training_tokens", "Trained on", "tokens") { Format = NumberFormat.Compact },
        new("seeds", "Seeds") { Format = NumberFormat.Plain },
        new("data", "Data") { Alignment = Alignment.Left, IsDataOnly = true },
    ];

    // Ends of an interval that only several seeds have.
    private static readonly ImmutableArray<Column> Seeded =
        [new("test_seeds_low", "Test, seeds", "95 % from"), new("test_seeds_high", "Test, seeds", "to")];

    // Known only where the law of the text is.
    private static readonly Column Kl = new("kl_from_truth", "KL from truth", "nats/char") { IsUncertain = true };

    // What can be compared with other vocabularies, where tokens are not characters.
    private static readonly ImmutableArray<Column> PerCharacter = [new("test_bits_per_character", "Test", "bits/char") { IsUncertain = true }];

    private readonly bool hasCharacters = comparison.Units != LikelihoodUnits.Character;

    private readonly bool hasSeeds = comparison.Methods.Any(method => method.SeedSpread is not null);

    private readonly bool hasKl = comparison.Methods.Any(method => method.KlFromTruth is not null);

    public Table Build() => new(
        $"likelihood{comparison.Suffix}",
        $"Likelihood on {comparison.Corpus}. Lower is better; ≤ marks an upper bound; ± is one standard error.",
        [.. columns.Take(4), .. hasSeeds ? Seeded : [], columns[4], .. hasCharacters ? PerCharacter : [], .. hasKl ? [Kl] : ImmutableArray<Column>.Empty, .. columns.Skip(5)],
        [.. comparison.Methods.Where(method => method.Method != RealText.Method).Select(Row)],
        [.. Notes()])
    {
        Protocols = [.. ProtocolLines.Of(comparison.Methods.SelectMany(method => method.Protocols(Splits.Test).Select(protocol => (method.NGramOrder is null ? method.Label : "n-grams", protocol))))],
    };

    private Row Row(MethodResult method) => new(
    [
        new Cell.Words(method.Label, links.ToDefinition(method)),
        Number(method, method.Measure(MetricNames.Parameters)),
        Number(method, method.Bits(Splits.Validation)),
        Number(method, method.Bits(Splits.Test)),
        .. hasSeeds ? OverSeeds(method) : [],
        Number(method, method.Perplexity(Splits.Test)),
        .. hasCharacters ? [Number(method, method.BitsPerCharacter(Splits.Test))] : ImmutableArray<Cell>.Empty,
        .. hasKl ? [Number(method, method.KlFromTruth)] : ImmutableArray<Cell>.Empty,
        Beats(method),
        Number(method, Mean(method.Measure(MetricNames.TrainingSpeed))),
        Sampling(method),
        Number(method, Mean(method.Measure(MetricNames.WallTime))),
        Number(method, method.Measure(MetricNames.TrainingTokens)),
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
        : Mean(method.Generated.Measure(main, GenerationMetricNames.TokensPerSecond)) is { } speed
        ? new Cell.Number(speed, links.To(method, "generation.csv"))
        : new Cell.Absent("nobody timed its generation");

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

        if (comparison.Methods.Select(method => method.Measure(MetricNames.TrueEntropy, Splits.Test)).FirstOrDefault(found => found is not null) is { } truth)
            yield return $"Truth: the law that the text was drawn from needs {truth.Text(NumberFormat.Fixed(3))} {comparison.Units.Bits} for the same test chunks; no model needs less but by chance.";

        if (hasCharacters)
            yield return "bits/char: all nats of the test chunks over their characters, which methods with other tokens can be compared by.";
        yield return $"Data: {comparison.Corpus}, SHA-256 {comparison.DataHash}.";
    }
}
