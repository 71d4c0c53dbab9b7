
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Tasks.TextGeneration;

namespace Bench.Experiments.Running;

/// <summary>What a run works with.</summary>
/// <param name="Planned">The run.</param>
/// <param name="Data">Its text.</param>
/// <param name="Folder">Its folder, held.</param>
/// <param name="Store">Reads back what was written.</param>
/// <param name="Observer">Notified of progress.</param>
/// <param name="Watch">The time it has taken.</param>
/// <param name="Scorers">The scorers of what it generates, made when first needed.</param>
/// <param name="Library">Where other texts come from.</param>
/// <param name="Stop">Asks it to stop.</param>
internal sealed record RunContext(
    PlannedRun Planned, Dataset Data, RunFolder Folder, RunStore Store, IRunObserver Observer, RunWatch Watch, Lazy<ScorerSet> Scorers,
    DataLibrary Library, CancellationToken Stop)
{
    /// <summary>Leads other processes that train along; null for a process alone.</summary>
    public RankLeader? Ranks { get; init; }

    /// <summary>What is to be done.</summary>
    public RunSpec Spec => Planned.Spec;

    /// <summary>The task that it is trained and evaluated on.</summary>
    public ITask Task => Spec.Task ?? new TextGenerationTask();

    /// <summary>The scorers of what it generates.</summary>
    public ScorerSet ScorerSet => Scorers.Value;

    /// <summary>Makes rows of likelihoods, in the units of the run's tokens.</summary>
    public LikelihoodRows Likelihoods => new(Data.Tokenizer);

    /// <summary>The stream that all random numbers of the run are split from.</summary>
    public RandomStream Random => RandomStream.Root(Spec.Seed);

    /// <summary>Reports to the observer how far a stage is.</summary>
    public void Stage(string stage, double done) => Observer.Stage(Planned, stage, done);

    /// <summary>Keeps the time spent so far, so that a killed run does not forget it.</summary>
    public void KeepTime() => Folder.Write(new RunStatus(RunState.Running, Seconds: Watch.Seconds));

    /// <summary>The training log so far.</summary>
    public IReadOnlyList<TrainingPoint> ReadCurve() => Store.Read(Spec.Experiment, Planned.Id).Curve;

    /// <summary>Fetches texts of other kinds before anything is trained.</summary>
    /// <exception cref="SuiteException">A text cannot be had, or is shorter than a sequence.</exception>
    public static void CheckZeroShot(RunSpec spec, DataLibrary library)
    {
        foreach (var text in spec.Evaluation.ZeroShot)
        {
            using var tokens = text.Open(library, spec.Data.Tokenizer);
            _ = new EvaluationChunks(tokens, spec.Data.Length, spec.Evaluation.ZeroShotSequences);
        }
    }

    /// <summary>Measures texts of other kinds.</summary>
    /// <param name="measure">Rows of <c>metrics.csv</c> for a text's name and chunks.</param>
    public IEnumerable<Metric> ZeroShot(Func<string, EvaluationChunks, IEnumerable<Metric>> measure)
    {
        foreach (var text in Spec.Evaluation.ZeroShot)
        {
            using var tokens = text.Open(Library, Data.Tokenizer);
            foreach (var metric in measure(text.Name, new EvaluationChunks(tokens, Spec.Data.Length, Spec.Evaluation.ZeroShotSequences)))
                yield return metric;
        }
    }

    /// <summary>The chunks of a part that likelihoods are measured on.</summary>
    public EvaluationChunks Chunks(Split part) => new(Data[part], Spec.Data.Length, Spec.Evaluation.Sequences);
}

/// <summary>The time a run has taken, over all its restarts.</summary>
/// <param name="clock">Measures.</param>
/// <param name="before">Seconds of earlier starts.</param>
internal sealed class RunWatch(TimeProvider clock, double before)
{
    private readonly long start = clock.GetTimestamp();

    /// <summary>So far.</summary>
    public double Seconds => before + clock.GetElapsedTime(start).TotalSeconds;
}

/// <summary>Texts as files.</summary>
internal static class SampleFiles
{
    /// <summary>Writes <c>samples/sample-01.txt</c> and so on.</summary>
    /// <param name="context">The run.</param>
    /// <param name="sequences">A text each.</param>
    public static void Write(RunContext context, int[][] sequences)
    {
        string digits = new('0', $"{sequences.Length}".Length);
        foreach (var (i, sequence) in sequences.Index())
            context.Folder.Write(new Sample($"sample-{(i + 1).ToString(digits)}", context.Data.Tokenizer.Decode(sequence) + "\n"));
    }
}
