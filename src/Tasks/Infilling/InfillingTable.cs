using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Tasks.Infilling;

/// <summary>Texts of which a part was given: how likely the rest is, and how much of it was found.</summary>
internal static class InfillingTable
{
    public const string Title = "Infilling";

    private const string Task = "infilling";

    /// <summary>Null where no run is for that task.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<MethodResult> methods = [.. comparison.Methods.Where(method => method.Definition.Text("task.kind") == Task)];
        if (methods.IsEmpty)
            return null;
        return new Table(
            $"infilling{comparison.Suffix}",
            $"Texts of {comparison.Corpus} of which a part is given. Lower bits and higher shares are better; ≤ marks an upper bound.",
            [
                new("method", "Method") { Alignment = Alignment.Left },
                new("given", "Given") { Alignment = Alignment.Left },
                new("share", "Share") { Format = NumberFormat.Plain },
                new($"test_bits_per_{comparison.Units.One}", "Test", comparison.Units.Bits) { IsUncertain = true },
                new("token_accuracy", "Token accuracy") { Interval = IntervalUse.Shown },
                new("known_words", "Known words") { Interval = IntervalUse.InData },
            ],
            [.. methods.Select(method => Row(method, links))],
            [
                "Test: per token that is not given. Token accuracy: the share of generated tokens that are the true ones; "
                    + "other completions may be as good.",
                "Known words: the share of words of the whole texts that the training text has. "
                    + "Methods that go from left to right see what is given before a token, not behind it.",
            ]);
    }

    private static Row Row(MethodResult method, RunLinks links)
    {
        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            new Cell.Words(method.Definition.Text("task.given") ?? ""),
            new Cell.Number(new Measurement(method.Definition.Number("task.share") ?? double.NaN)),
            method.Bits(Splits.Test) is { } bits ? new Cell.Number(bits, links.To(method)) : Missing(),
            Generated(InfillingMetrics.TokenAccuracy),
            Generated(KnownWords.Metric),
        ]);

        Cell Generated(MetricDescriptor metric) => method.Generated.Main is { } main && method.Generated.Quality(main, metric) is { } found
            ? new Cell.Number(found, links.To(method, "generation.csv"))
            : Missing();

        static Cell Missing() => new Cell.Absent("this run recorded no such number");
    }
}
