using System.Collections.Immutable;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Definitions;

/// <summary>A claim as it was written. Wherever a definition can be named, a claim stands for the one that decides it.</summary>
/// <param name="Root">The file.</param>
/// <param name="Values">What was read of it.</param>
/// <param name="Report">Takes what is wrong with it.</param>
internal sealed record WrittenClaim(Mapping Root, Values Values, Diagnostics Report)
{
    private const int LeastSeeds = 3;

    /// <summary>The definition's file; null where nothing decides the claim.</summary>
    public string? Definition => Values.Has(ClaimKeys.Definition)
        ? Path.Combine(Path.GetDirectoryName(Report.File) ?? "", Values.Get(ClaimKeys.Definition))
        : null;

    /// <summary>Whether a text is a claim: it has a key that only claims have.</summary>
    public static bool IsOne(string text) =>
        TreeReader.Read(text, new Diagnostics("")) is Mapping root
        && ((Key[])[ClaimKeys.Statement, ClaimKeys.Prediction, ClaimKeys.Definition, ClaimKeys.Untested])
            .Any(key => root[key.Name] is not null);

    /// <summary>Reads one; what is wrong with it is in its report.</summary>
    public static WrittenClaim Read(string text, string file)
    {
        var report = new Diagnostics(file);
        var root = (Mapping)TreeReader.Read(text, report)!;
        ClaimKeys.Section.TryRead(root, "", report, out var values);
        var claim = new WrittenClaim(root, values, report);
        bool isUntested = root[ClaimKeys.Untested.Name] is not null;
        foreach (var key in (Key[])[ClaimKeys.Definition, ClaimKeys.Test])
        {
            if (isUntested && root[key.Name] is { } idle)
                report.Add(idle, $"'{key.Name}' stands beside 'untested'", $"Keep one of the two: what has a {key.Name} is tested.");
            else if (!isUntested && root[key.Name] is null)
                report.Add(root, $"{key.Name} is missing", $"Add '{key.Name}': {key.Doc} Or 'untested': why nothing here decides it.");
        }

        if (!Words.Slug().IsMatch(Path.GetFileNameWithoutExtension(file)))
            report.Add(root, "the file's name is the claim's, and is not a short one of lower-case letters, digits and hyphens",
                "Rename the file, such as little-uniform-noise.yaml.");
        if (claim.Definition is { } path && !File.Exists(path))
        {
            report.Add(
                values.At(ClaimKeys.Definition), $"there is no definition {path}",
                DefinitionFiles.Neighbour(path) is { } meant
                    ? $"Did you mean '{meant}'?"
                    : "Its path counts from the folder of the claim.");
        }

        else if (claim.Definition is { } other && DefinitionFiles.Read(other, []) is { } decided && IsOne(decided))
            report.Add(values.At(ClaimKeys.Definition), $"{other} is a claim, too", "Name the definition that decides both.");
        return claim;
    }

    /// <summary>The claim, checked against the runs of its definition; null where something is wrong, which the report then says.</summary>
    /// <param name="runs">What the definition resolves to; none where that is wrong itself, or where there is none.</param>
    public Claim? Resolve(ImmutableArray<RunSpec> runs)
    {
        var effect = Values.Has(ClaimKeys.Test) ? Values.Get(ClaimKeys.Test).Value : null;
        if (effect is not null && !runs.IsEmpty)
            Check(effect, runs);
        if (Report.Count > 0 || (effect is not null && runs.IsEmpty))
            return null;
        return new()
        {
            Name = Path.GetFileNameWithoutExtension(Report.File),
            Statement = Values.Get(ClaimKeys.Statement),
            Cites = Values.Get(ClaimKeys.Cites),
            Where = Values.Get(ClaimKeys.Where),
            Prediction = Values.Get(ClaimKeys.Prediction),
            File = Report.File,
            Untested = Values.Get(ClaimKeys.Untested, ""),
            Decision = effect is null ? null : new(
                Definition!, runs[0].Experiment,
                text => runs.Select(run => RunId.Of(run.Definition(text), text)).ToHashSet(StringComparer.Ordinal),
                effect.With(series => series with
                {
                    Samplers = [.. series.Samplers.Select(sampler => NameOf(sampler, runs.First(run => run.Method.Name == series.Method)))],
                })),
        };
    }

    // As generation.csv calls it.
    private static string NameOf(string sampler, RunSpec run) =>
        SamplerChoice.For((NetworkMethod)run.Method, SamplerTable.Find(sampler)!).Name;

    private void Check(ClaimedEffect effect, ImmutableArray<RunSpec> runs)
    {
        int seeds = runs.Select(run => run.Seed).Distinct().Count();
        if (seeds < LeastSeeds)
            Report.Add(Values.At(ClaimKeys.Definition), $"its definition has {seeds} {(seeds == 1 ? "seed" : "seeds")}",
                $"Give it {LeastSeeds} at least: fewer decide no claim.");
        string[] methods = [.. runs.Select(run => run.Method.Name).Distinct(StringComparer.Ordinal)];
        foreach (var (series, node) in effect.Series.Zip(Nodes()))
        {
            ImmutableArray<RunSpec> own = [.. runs.Where(run => run.Method.Name == series.Method)];
            if (own.IsEmpty)
                Report.Add(node, $"its definition has no method '{series.Method}'", Spelling.Advice(series.Method, methods, "methods"));
            else if (own.CountBy(run => run.Seed).Any(seed => seed.Value > 1))
                Report.Add(node, $"its definition sweeps {series.Method}, so that the name stands for several runs of a seed",
                    "Write the values as methods with names of their own.");
            else if (own[0].Method is not NetworkMethod)
                Report.Add(node, $"{series.Method} has no network and no seeds", "Compare methods with networks.");
            else
                Check(effect, series, own[0], node);
        }
    }

    // The numbers that are compared have to be asked for: a run without them would leave the claim untested for ever.
    private void Check(ClaimedEffect effect, Series series, RunSpec run, Node node)
    {
        var sampling = run.Sampling;
        var metric = series.Metric ?? effect.Metric;
        bool isOfText = metric is null or { Kind: MetricKind.Text or MetricKind.Cost };
        foreach (string sampler in series.Samplers.Where(sampler => !sampling.Samplers.Contains(sampler)))
            Report.Add(node, $"its definition does not generate with {sampler}", $"Add {sampler} to its sampling.samplers.");
        if (isOfText && sampling.Count == 0)
            Report.Add(node, "its definition generates nothing", "Give it sampling.count.");
        if (metric is null && series.Samplers.IsEmpty && sampling.Temperatures.IsEmpty)
            Report.Add(node, "a frontier is a line, and its definition generates at one temperature", "Give it sampling.temperatures.");
        if (metric is null && series.Samplers.Length == 1)
            Report.Add(node, "a frontier is a line, and one sampler is a point", "Name several, such as acs-0.1 and acs-0.5.");
        if (metric is { Kind: MetricKind.Cost } && sampling.Batches.IsEmpty)
            Report.Add(node, "its definition times no generation", "Give it sampling.batches.");
        if (metric is not null && Exact(Enum.GetValues<ConfidenceOrder>()).Contains(metric)
            && !Exact(run.Evaluation.Orders).Contains(metric))
            Report.Add(node, $"its definition does not measure {metric.Name}", "Add the order to its evaluation.orders.");
    }

    private static IEnumerable<MetricDescriptor> Exact(IEnumerable<ConfidenceOrder> orders) =>
        orders.Select(order => UnmaskingMetrics.Of(new ByConfidence(order).Name));

    // In the order of the effect's series: of, then to.
    private IEnumerable<Node> Nodes()
    {
        var test = (Mapping)Root[ClaimKeys.Test.Name]!;
        return [.. ((Sequence)test[EffectKinds.Of.Name]!).Items, .. test[EffectKinds.To.Name] is { } to ? (Node[])[to] : []];
    }
}
