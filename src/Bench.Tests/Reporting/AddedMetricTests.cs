using System.Globalization;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Reporting.Validity;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Metrics;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>A metric is computed, stored, shown, explained, checked and guarded from its descriptor alone.</summary>
public sealed class AddedMetricTests : IDisposable
{
    private static readonly GenerationSetting Setting = new("ancestral", 32);

    private static readonly MetricDescriptor Vowels = new("vowels", MetricKind.Text)
    {
        Title = "Vowels",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = "the share of sequences that begin with a vowel.",
        Column = new("vowels") { Uncertainty = Uncertainty.Interval },
        Guard = new(),
        Measure = new(
            sample => new TextStatistic.MeanOf([.. sample.Texts.Select(BeginsWithVowel)]),
            "first characters",
            "there is no sequence"),
    };

    private static double BeginsWithVowel(GeneratedText text) => "aeiou".Contains(text.Text[0], StringComparison.Ordinal) ? 1 : 0;

    private static readonly MetricDescriptor Energy = new("energy", MetricKind.Training)
    {
        Title = "Energy",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "joules that training took.",
        Column = new("energy"),
        Guard = new(),
    };

    private static readonly MetricDescriptor Bandwidth = new("bandwidth", MetricKind.Cost)
    {
        Title = "Bandwidth",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.NotNegative,
        Sentence = "bytes that were read for a token.",
        Column = new("bandwidth"),
    };

    private static readonly MetricCatalog Catalog = MetricCatalog.Standard.With(Vowels).With(Energy).With(Bandwidth);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_added_metric_is_computed_and_stored_with_its_interval_and_protocol()
    {
        var row = Measure("apple", "book", "egg", "oak").Single(row => row.Name == "vowels");
        Assert.Equal((0.75, 4L, "first characters; bootstrap over sequences, 1000 resamples"), (row.Value, row.Count!.Value, row.Protocol));
        Assert.True(row is { Low: < 0.75, High: > 0.75, StandardError: > 0 });
        Assert.Equal("there is no sequence", Measure().Single(row => row.Name == "vowels").Undefined);
    }

    [Fact]
    public void It_has_a_column_a_note_and_a_guard()
    {
        var comparison = Results();
        var tables = ComparisonTables.Build(comparison, [], [], new RunLinks(folder.Path));
        AssertShown(tables.Generation!, "vowels", "0.75", "Vowels: the share of sequences that begin with a vowel.");
        AssertShown(tables.Likelihood, "energy", "300", "Energy: joules that training took.");
        AssertShown(tables.Throughput!, "bandwidth", "80", "Bandwidth: bytes that were read for a token.");
        var guarded = Baseline.Of(comparison).Metrics.ToDictionary(metric => metric.Metric);
        var (vowels, energy) = (guarded["vowels"], guarded["energy"]);
        Assert.Equal((0.75, Direction.More, "ancestral, 32 steps"), (vowels.Value, vowels.Better, vowels.Where));
        Assert.Equal((300, Direction.Less, ""), (energy.Value, energy.Better, energy.Where));
        Assert.False(guarded.ContainsKey("bandwidth"));

        var without = ComparisonTables.Build(comparison with { Catalog = MetricCatalog.Standard }, [], [], new RunLinks(folder.Path));
        Assert.DoesNotContain(without.All, table => table.Columns.Any(column => column.Key is "vowels" or "energy" or "bandwidth"));
    }

    [Fact]
    public void A_worse_one_fails_the_check_and_an_impossible_one_too()
    {
        var baseline = Baseline.Of(Results());
        Assert.False(RegressionCheck.Of(baseline, Results()).Failed);
        AssertFails(Verdict.Worse, RegressionCheck.Of(baseline, Results(vowels: 0.5)));
        AssertFails(Verdict.Impossible, RegressionCheck.Of(baseline, Results(vowels: 1.5)));
        var impossible = ValueRules.Violations(Results(vowels: 1.5).Methods.SelectMany(method => method.Runs), Catalog);
        Assert.All(impossible, value => Assert.Equal(("vowels", ValueRange.Share.Why), (value.Metric, value.Why)));
        Assert.Equal(3, impossible.Length);

        static void AssertFails(Verdict verdict, RegressionCheck check)
        {
            Assert.NotEmpty(check.Failures);
            Assert.All(check.Failures, failure => Assert.Equal((verdict, "vowels"), (failure.Verdict, failure.Metric.Metric)));
        }
    }

    private static GenerationMetric[] Measure(params string[] texts) =>
        [.. new GenerationQuality(RandomStream.Root(1)) { Catalog = Catalog }.Of(Setting, [.. texts.Select(Texts.Of)])];

    private static void AssertShown(Table table, string key, string value, string note)
    {
        string[] lines = CsvTable.Write(table).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[][] csv = [.. lines.Select(line => line.Split(','))];
        Assert.Equal(value, csv[1][Array.IndexOf(csv[0], key)]);
        Assert.Contains(table.Notes, line => line.Contains(note, StringComparison.Ordinal));
    }

    // Three seeds that agree.
    private Comparison Results(double vowels = 0.75)
    {
        string root = folder[vowels.ToString(CultureInfo.InvariantCulture)];
        var store = new RunStore(root);
        var generation = Measure("apple", "book", "egg", "oak")
            .Select(row => row.Name == "vowels" ? row with { Value = vowels } : row)
            .Append(Bandwidth.Row(Setting, 80, ""))
            .Append(GenerationCosts.TokensPerSecond.Row(Setting, 1000, ""));
        if (!Directory.Exists(root))
        {
            foreach (int seed in (int[])[1, 2, 3])
                SyntheticGeneration.Run(store, "quick", "ar", "AR", [Energy.Row(Splits.None, 300)], generation, seed);
        }

        return Assert.Single(Comparison.All(store.ReadAll())) with { Catalog = Catalog };
    }
}
