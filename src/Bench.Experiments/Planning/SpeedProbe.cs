using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Metrics;
using Bench.Metrics.Divergence;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Scoring;

namespace Bench.Experiments.Planning;

/// <summary>
/// Estimates how long runs take on this machine, from real steps of theirs: networks are timed in the order of the work they stand for
/// until the time is over; others go by operations.
/// </summary>
/// <remarks>Times are those of the machine under its present load; other load during the probe or the runs changes them.</remarks>
/// <param name="library">Where texts come from.</param>
/// <param name="clock">Measures.</param>
/// <param name="budget">About how long probing may take.</param>
public sealed class SpeedProbe(DataLibrary library, TimeProvider clock, TimeSpan budget)
{
    // What measuring speed takes, whatever is measured: see SpeedRows.
    private const double Warm = 0.2, Enough = 0.5, MostRepeats = 5;
    private const double LeastSlice = 0.1, Scoring = 0.1; // of the budget

    /// <summary>What these runs take; none for those whose network is too large to try, where no other was tried either.</summary>
    /// <param name="runs">Runs with their costs.</param>
    /// <param name="stop">Ends it between two networks.</param>
    /// <returns>By folder.</returns>
    /// <exception cref="SuiteException">There is no tensor engine, or a text cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ImmutableDictionary<string, RunTimeEstimate> Of(IReadOnlyList<(PlannedRun Run, RunCost Cost)> runs,
        CancellationToken stop = default)
    {
        long start = clock.GetTimestamp();
        var expected = ImmutableDictionary.CreateBuilder<string, RunTimeEstimate>(StringComparer.Ordinal);
        foreach (var text in runs.GroupBy(run => run.Run.Spec.Data.Source.Name + run.Run.Spec.Data.Tokenizer.Name))
        {
            using var data = text.First().Run.Spec.Data.Open(library);
            var scoring = new Dictionary<(int, int, ModelSpec?), (double Setting, double Counting)>();
            var speeds = Networks([.. text], data, start, stop);
            Speeds[] known = [.. speeds.Values.OfType<Speeds>()];
            foreach (var (run, cost) in text)
            {
                stop.ThrowIfCancellationRequested();
                var spec = run.Spec;
                var like = (spec.Sampling.Count, spec.Data.Length, spec.Scorer?.Model);
                if (spec.Sampling.Count > 0 || spec.Method is NGram)
                {
                    if (spec.Scorer is not null)
                        TorchEnvironment.Require();
                    if (!scoring.TryGetValue(like, out _))
                        scoring[like] = new ScoringProbe(clock).Of(spec, data);
                }

                var scored = scoring.GetValueOrDefault(like);
                if (spec.Method is not NetworkMethod method)
                    expected[run.Folder] = Counting(spec, cost, run.Text!, scored);
                else if ((speeds.GetValueOrDefault(Like(spec))
                    ?? (known.Length > 0 ? Speeds.Like(known, RunCost.StepFlops(spec)) : null)) is { } speed)
                    expected[run.Folder] = Network(method, run, cost, speed, scored.Setting);
            }
        }

        return expected.ToImmutable();
    }

    // Those that stand for most of the work first, each for an equal share of the time that is left.
    private Dictionary<object, Speeds?> Networks(IReadOnlyList<(PlannedRun Run, RunCost Cost)> runs, Dataset data, long start,
        CancellationToken stop)
    {
        var known = new Dictionary<object, Speeds?>();
        var kinds = runs.Where(run => run.Run.Spec.Method is NetworkMethod).GroupBy(run => Like(run.Run.Spec))
            .OrderByDescending(kind => kind.Sum(run => run.Cost.Flops ?? run.Cost.Measuring)).ToArray();
        if (kinds.Length > 0)
            TorchEnvironment.Require();
        foreach (var (i, kind) in kinds.Index())
        {
            stop.ThrowIfCancellationRequested();
            var left = (budget * (1 - Scoring)) - clock.GetElapsedTime(start);
            if (i > 0 && left < TimeSpan.Zero)
                break;
            known[kind.Key] = new NetworkProbe(clock).Of(kind.First().Run.Spec, data,
                TimeSpan.FromSeconds(Math.Max(LeastSlice, left.TotalSeconds / (kinds.Length - i) / 2)));
        }

        return known;
    }

    // Runs that differ only in how often they call the network.
    private static (object, object, int, int, object?, object?) Like(RunSpec spec) =>
        (spec.Method, spec.Model!, spec.Data.Length, spec.Training?.BatchSize ?? 0, spec.Training?.Precision, spec.Training?.Optimiser);

    private static RunTimeEstimate Counting(RunSpec spec, RunCost cost, TextSize text, (double Setting, double Counting) scored)
    {
        double rate = spec.Method is NGram ngram ? scored.Counting * ngram.Order : 0;
        double scoring = spec.Sampling.Count == 0 ? 0 : scored.Setting;
        return new((cost.Tokens ?? 0) * rate, spec.Evaluation.Splits.Sum(part => text[part]) * rate, scoring);
    }

    private static RunTimeEstimate Network(NetworkMethod method, PlannedRun run, RunCost cost, Speeds speed, double scoring)
    {
        var spec = run.Spec;
        double left = cost.LeftOf(run);
        long? steps = cost.Steps is null ? spec.Budget!.StepsOf(RunCost.StepFlops(spec) * speed.Training) : null;
        if (steps is { } expected)
            cost = RunCost.Of(spec.Taking(expected), run.Text); // the number of validations depends on the steps
        var shape = spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, method.View);
        var scored = GenerationWay.Scored(method, spec);
        return new(
            left * (spec.Budget?.Seconds ?? (cost.Training!.Value * speed.Training)),
            cost.Likelihood * speed.Likelihood,
            scored.Sum(Once) + (scored.Length * scoring) + GenerationWay.Timed(method, spec).Sum(way => Repeated(Once(way))))
        {
            Steps = steps,
        };

        double Once(GenerationWay way)
        {
            var generation = GenerationCost.Of(way);
            double tokens = (double)way.Setup.Hyperschedule.Steps * way.Batch * spec.Data.Length;
            return (generation.Calls * speed.Call) + ((way.Batch * generation.PerRow).Flops(shape) * speed.Likelihood)
                + (tokens * (speed.Token ?? 0));
        }

        // A warm-up, then at least once and at most five times, or for half a second.
        static double Repeated(double once) => Warm + Math.Max(once, Math.Min(MostRepeats * once, Enough + (once / 2)));
    }
}

/// <summary>Times how texts are scored, on real ones and with an untrained scoring network: both take as long as others do.</summary>
/// <param name="clock">Measures.</param>
internal sealed class ScoringProbe(TimeProvider clock)
{
    private const int Order = 6, MostTexts = 64, Counted = 1 << 16;

    /// <summary>Seconds to score the texts of one setting, and seconds to count n-grams, for each token and order.</summary>
    public (double Setting, double Counting) Of(RunSpec spec, Dataset data)
    {
        int[] tokens = new int[(int)Math.Min(Counted, data.Train.Count)];
        data.Train.CopyTo(0, tokens);
        WittenBell.Fit(tokens.AsSpan(0, tokens.Length / 8), data.Vocabulary.TokenCount, Order); // warm
        long start = clock.GetTimestamp();
        var counts = WittenBell.Fit(tokens, data.Vocabulary.TokenCount, Order);
        double counting = clock.GetElapsedTime(start).TotalSeconds / tokens.Length / Order;
        return spec.Sampling.Count == 0 ? (0, counting) : (Scorer(spec, data, counts), counting);
    }

    private double Scorer(RunSpec spec, Dataset data, WittenBell counts)
    {
        var chunks = new EvaluationChunks(data.Test, spec.Data.Length, Math.Min(MostTexts, spec.Sampling.Count));
        GeneratedText[] texts = [.. Enumerable.Range(0, chunks.Count).Select(i => GeneratedText.Of(chunks.Read(i), data.Tokenizer))];
        var random = RandomStream.Root(spec.Seed);
        using var network = spec.Scorer is { Method: NetworkMethod method, Model: { } model }
            ? new Ddit(model.Shape(data.Vocabulary, method.View), random.Split("scorer")).On(TorchEnvironment.Device)
            : null;
        network?.eval();
        var device = TorchEnvironment.Device;
        int mask = data.Vocabulary.MaskId;
        var quality = new GenerationQuality(random.Split("quality"))
        {
            Scorers = [new NGramScorer(counts),
                .. network is null ? [] : new[] { new NetworkScorer("scorer", network, new NextToken(mask), device) }],
            Vocabulary = data.Tokenizer is NumberedSymbols ? null : texts.SelectMany(text => text.Words).ToHashSet(),
            Reference = network is null ? null : new MauveReference(new NetworkFeatures("scorer", network, mask, device), texts),
        };
        Once(quality, texts); // warm, and the reference's features are computed once for all
        long start = clock.GetTimestamp();
        Once(quality, texts);
        return clock.GetElapsedTime(start).TotalSeconds * spec.Sampling.Count / texts.Length;
    }

    private static void Once(GenerationQuality quality, GeneratedText[] texts) =>
        quality.Of(new GenerationSetting("none", Steps: 0), texts);
}

/// <summary>Seconds that a run is expected to take on this machine.</summary>
/// <param name="Training">Updates of the weights, or the counting of n-grams.</param>
/// <param name="Likelihood">Likelihoods, those while training included.</param>
/// <param name="Generation">Everything that is generated, timed and scored.</param>
public readonly record struct RunTimeEstimate(double Training, double Likelihood, double Generation)
{
    /// <summary>About how many steps the time comes to that the run is given instead of them; null where they are known.</summary>
    public long? Steps { get; init; }

    /// <summary>All of them.</summary>
    public double Total => Training + Likelihood + Generation;

    /// <summary>One run after the other.</summary>
    public static RunTimeEstimate operator +(RunTimeEstimate one, RunTimeEstimate other) =>
        new(one.Training + other.Training, one.Likelihood + other.Likelihood, one.Generation + other.Generation);
}
