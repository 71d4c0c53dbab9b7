using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Generating;
using Bench.Experiments.Running;
using Bench.Methods;
using Bench.Results;

namespace Bench.Experiments.Planning;

/// <summary>Expects how long runs take on this machine, from real steps of theirs: networks are timed in the order of the work they stand for until the time is over; others go by operations.</summary>
/// <remarks>Times are those of the machine as it is now: what else runs on it while it is probed, or while the runs do, makes the difference.</remarks>
/// <param name="library">Where texts come from.</param>
/// <param name="clock">Measures.</param>
/// <param name="budget">About how long probing may take.</param>
public sealed class SpeedProbe(DataLibrary library, TimeProvider clock, TimeSpan budget)
{
    // What measuring speed takes, whatever is measured: see SpeedRows.
    private const double Warm = 0.2, Enough = 0.5, MostRepeats = 5;
    private const double LeastSlice = 0.1, Judging = 0.1; // of the budget

    /// <summary>What these runs take; none for those whose network is too large to try, where no other was tried either.</summary>
    /// <param name="runs">Runs with their costs.</param>
    /// <param name="stop">Ends it between two networks.</param>
    /// <returns>By folder.</returns>
    /// <exception cref="SuiteException">There is no tensor engine, or a text cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ImmutableDictionary<string, Expectation> Of(IReadOnlyList<(PlannedRun Run, RunCost Cost)> runs, CancellationToken stop = default)
    {
        long start = clock.GetTimestamp();
        var expected = ImmutableDictionary.CreateBuilder<string, Expectation>(StringComparer.Ordinal);
        foreach (var text in runs.GroupBy(run => run.Run.Spec.Data.Source.Name + run.Run.Spec.Data.Tokenizer.Name))
        {
            using var data = text.First().Run.Spec.Data.Open(library);
            var judging = new Dictionary<(int, int, ModelSpec?), (double Setting, double Counting)>();
            var speeds = Networks([.. text], data, start, stop);
            Speeds[] known = [.. speeds.Values.OfType<Speeds>()];
            foreach (var (run, cost) in text)
            {
                stop.ThrowIfCancellationRequested();
                var spec = run.Spec;
                var like = (spec.Sampling.Count, spec.Data.Length, spec.Judge?.Model);
                if (spec.Sampling.Count > 0 || spec.Method is NGram)
                {
                    if (spec.Judge is not null)
                        TorchEnvironment.Require();
                    if (!judging.TryGetValue(like, out _))
                        judging[like] = new JudgingProbe(clock).Of(spec, data);
                }

                var judged = judging.GetValueOrDefault(like);
                if (spec.Method is not NetworkMethod method)
                    expected[run.Folder] = Counting(spec, cost, run.Text!, judged);
                else if ((speeds.GetValueOrDefault(Like(spec)) ?? (known.Length > 0 ? Speeds.Like(known, RunCost.StepFlops(spec)) : null)) is { } speed)
                    expected[run.Folder] = Network(method, run, cost, speed, judged.Setting);
            }
        }

        return expected.ToImmutable();
    }

    // Those that stand for most of the work first, each for an equal share of the time that is left.
    private Dictionary<object, Speeds?> Networks(IReadOnlyList<(PlannedRun Run, RunCost Cost)> runs, Dataset data, long start, CancellationToken stop)
    {
        var known = new Dictionary<object, Speeds?>();
        var kinds = runs.Where(run => run.Run.Spec.Method is NetworkMethod).GroupBy(run => Like(run.Run.Spec)).OrderByDescending(kind => kind.Sum(run => run.Cost.Flops ?? run.Cost.Measuring)).ToArray();
        if (kinds.Length > 0)
            TorchEnvironment.Require();
        foreach (var (i, kind) in kinds.Index())
        {
            stop.ThrowIfCancellationRequested();
            var left = (budget * (1 - Judging)) - clock.GetElapsedTime(start);
            if (i > 0 && left < TimeSpan.Zero)
                break;
            known[kind.Key] = new NetworkProbe(clock).Of(kind.First().Run.Spec, data, TimeSpan.FromSeconds(Math.Max(LeastSlice, left.TotalSeconds / (kinds.Length - i) / 2)));
        }

        return known;
    }

    // Runs that do the same with a network, if not as often.
    private static (object, object, int, int, object) Like(RunSpec spec) => (spec.Method, spec.Model!, spec.Data.Length, spec.Training!.BatchSize, spec.Training.Precision);

    private static Expectation Counting(RunSpec spec, RunCost cost, TextSize text, (double Setting, double Counting) judged)
    {
        double rate = spec.Method is NGram ngram ? judged.Counting * ngram.Order : 0;
        double judging = spec.Sampling.Count == 0 ? 0 : judged.Setting;
        return new((cost.Tokens ?? 0) * rate, spec.Evaluation.Splits.Sum(part => text[part]) * rate, judging);
    }

    private static Expectation Network(NetworkMethod method, PlannedRun run, RunCost cost, Speeds speed, double judging)
    {
        var spec = run.Spec;
        double left = cost.LeftOf(run);
        long? steps = cost.Steps is null ? spec.Budget!.StepsOf(RunCost.StepFlops(spec) * speed.Training) : null;
        if (steps is { } expected)
            cost = RunCost.Of(spec.Taking(expected), run.Text); // looks at the validation text come with steps
        var shape = spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, method.View);
        var judged = GenerationWay.Judged(method, spec);
        return new(
            left * (spec.Budget?.Seconds ?? (cost.Training!.Value * speed.Training)),
            cost.Likelihood * speed.Likelihood,
            judged.Sum(Once) + (judged.Length * judging) + GenerationWay.Timed(method, spec).Sum(way => Repeated(Once(way))))
        {
            Steps = steps,
        };

        double Once(GenerationWay way)
        {
            var generation = GenerationCost.Of(way);
            double tokens = (double)way.Problem.Path.Steps * way.Batch * spec.Data.Length;
            return (generation.Calls * speed.Call) + ((way.Batch * generation.PerRow).Flops(shape) * speed.Likelihood) + (tokens * (speed.Token ?? 0));
        }

        // A warm-up, then at least once and at most five times, or for half a second.
        static double Repeated(double once) => Warm + Math.Max(once, Math.Min(MostRepeats * once, Enough + (once / 2)));
    }
}
