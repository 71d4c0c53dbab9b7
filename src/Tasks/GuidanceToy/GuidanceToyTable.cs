using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Tasks.GuidanceToy;

/// <summary>Ways of guiding on the toy: how far each is from the distribution aimed at, and what it takes.</summary>
internal static class GuidanceToyTable
{
    public const string Title = "Guidance, toy";

    private const string Task = "guidance-toy";

    private static readonly ImmutableArray<MetricDescriptor> Metrics =
    [
        GuidanceMetrics.Reward, GuidanceToyMetrics.Gap, GuidanceToyMetrics.TotalVariation, GuidanceToyMetrics.ExactGap,
        GuidanceToyMetrics.ExactTotalVariation, GuidanceMetrics.Distance, GuidanceMetrics.NetworkRows, GuidanceMetrics.RewardCalls,
        GenerationCosts.SequencesPerSecond,
    ];

    /// <summary>Null where no run is for that task.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<MethodResult> methods = [.. comparison.Methods.Where(method => method.Definition.Text("task.kind") == Task)];
        if (methods.IsEmpty)
            return null;
        return new Table(
            $"guidance_toy{comparison.Suffix}",
            $"Ways of guiding on three tokens of three symbols, whose distribution p and reward r are known; aimed at is p exp(r/α)/Z with "
                + $"α = {methods[0].Definition.Number("task.alpha")}.",
            [
                new("method", "Method") { Alignment = Alignment.Left },
                new("sampler", "Sampler, guidance, value, reward") { Alignment = Alignment.Left },
                .. Metrics.Select(metric => new Column(metric.Name.Replace('-', '_'), metric.Title)
                {
                    IsUncertain = metric == GuidanceMetrics.Reward,
                    Format = NumberFormat.Fixed(metric.Digits),
                }),
            ],
            [
                .. from method in methods
                   from setting in method.Generated.Settings
                   where method.Generated.Measure(setting, GuidanceToyMetrics.Gap) is not null
                   select new Row(
                   [
                       new Cell.Words(method.Label, links.ToDefinition(method)),
                       new Cell.Words(setting.Sampler),
                       .. Metrics.Select(metric => method.Generated.Measure(setting, metric) is { } found
                           ? (Cell)new Cell.Number(found, links.To(method, "generation.csv"))
                           : new Cell.Absent("this run recorded no such number")),
                   ]),
            ],
            [
                "Gap: ln Z − (E r/α − KL(q ‖ p)) for the distribution q of what is generated, 0 for p exp(r/α)/Z alone; from frequencies, "
                    + "so that n sequences leave about 13/n where it is 0. TV: total variation from the same.",
                "Exact: with exact predictions in the place of the network, computed where that can be, else drawn: the error of the "
                    + "method alone, along the same steps.",
                "Distance: the share of positions at which two sequences differ. Rows: through the network for a sequence, candidates "
                    + "included.",
            ]);
    }
}
