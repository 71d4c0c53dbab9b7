using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Perplexity and entropy over the strength η of adaptive correction, a line a method. η = 0 is the ancestral step.</summary>
internal static class CorrectionStrength
{
    private const string Corrected = "ACS ";
    private const string Original = "ancestral";

    public static Figure? Build(Comparison comparison, string scorer)
    {
        var methods = comparison.Methods.Where(method => Settings(method).Count > 1).ToList();
        var entropy = new RealText(comparison).Measure(SampleEntropy.Metric);
        ImmutableArray<Line> Lines(MetricDescriptor metric, string? by) =>
            [.. methods.Select(method => Line(method, metric, by)).Where(line => !line.Points.IsEmpty)];
        var diversity = Axis.Of(SampleEntropy.Metric) with
        {
            Reference = entropy is { } real && double.IsFinite(real.Value) ? (real.Value, "test text") : null,
        };
        return Frontier.Of(
            $"correction{comparison.Suffix}",
            $"Perplexity under {scorer} and sample entropy over the strength η of adaptive correction; η = 0 is ancestral sampling.",
            new Axis("Correction strength η") { MarksValues = true },
            [
                .. Panel.ByFamily(Axis.Of(ScoredText.Perplexity, scorer), Lines(ScoredText.Perplexity, scorer)),
                .. Panel.ByFamily(diversity, Lines(SampleEntropy.Metric, null)),
            ]);
    }

    private static Line Line(MethodResult method, MetricDescriptor metric, string? scorer) => new(
        method,
        "",
        [
            .. from pair in Settings(method)
               let value = method.Generated.Quality(pair.Setting, metric, scorer)
               where value is not null
               select new Point(pair.Setting.Sampler, pair.Strength, value.Value, pair.Setting == method.Generated.Main),
        ]);

    // At the number of steps at which most strengths were tried; the main one before others.
    private static List<(double Strength, GenerationSetting Setting)> Settings(MethodResult method) => method.Generated.Main is not { } main
        ? []
        : method.Generated
            .Around(main, setting => setting with { Sampler = main.Sampler, Steps = main.Steps })
            .Select(setting => (Strength: Strength(setting.Sampler), Setting: setting))
            .Where(pair => pair.Strength is not null)
            .GroupBy(pair => pair.Setting.Steps)
            .Where(group => group.Any(pair => pair.Strength > 0))
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Key == main.Steps)
            .Select(group => group.Select(pair => (pair.Strength!.Value, pair.Setting)).OrderBy(pair => pair.Value).ToList())
            .FirstOrDefault() ?? [];

    // Anything after the number is another form of the sampler.
    private static double? Strength(string sampler) =>
        sampler == Original ? 0
        : sampler.StartsWith(Corrected, StringComparison.Ordinal) && double.TryParse(sampler.AsSpan(Corrected.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double strength) ? strength
        : null;
}
