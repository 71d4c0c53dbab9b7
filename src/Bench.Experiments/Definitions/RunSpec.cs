using System.Collections.Immutable;
using System.Text.Json;
using Bench.Methods;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>One run, fully resolved: a method and a seed, and of the experiment what the method depends on.</summary>
public sealed record RunSpec
{
    /// <summary>The experiment that all scorers belong to.</summary>
    public const string ScorerExperiment = "judge"; // stored name

    /// <summary>The experiment's name, and its folder's under <c>results/runs</c>.</summary>
    public required string Experiment { get; init; }

    /// <summary>What the experiment asks.</summary>
    public string Question { get; init; } = "";

    /// <summary>What the experiment's sweep has set in this run, key by key.</summary>
    public ImmutableArray<Variation> Varied { get; init; } = [];

    public required IMethod Method { get; init; }

    /// <summary>All random numbers of the run derive from it.</summary>
    public required ulong Seed { get; init; }

    public DataSpec Data { get; init; } = DataKeys.Blank;

    /// <summary>Null for a method without a network.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>Null for a method that is not trained step by step.</summary>
    public TrainingPlan? Training { get; init; }

    /// <summary>The time that stands for the steps of <see cref="Training"/>, which are 0 then; null where they are known.</summary>
    public TimeBudget? Budget { get; init; }

    /// <summary>The checkpoint that stands for a training; null for a run that trains.</summary>
    public CheckpointSource? Source { get; init; }

    /// <summary>What the checkpoint left open, and how that was settled.</summary>
    public ImmutableArray<string> Assumed { get; init; } = [];

    /// <summary>The task; null for text generation.</summary>
    public ITask? Task { get; init; }

    /// <summary>The task, text generation where none is named.</summary>
    public ITask TaskOrText => Task ?? ExperimentKeys.Task.Blank;

    /// <summary>The tasks that its definition may name, with the keys of each.</summary>
    internal TaskTable Tasks { get; init; } = TaskTable.Program;

    public EvaluationSpec Evaluation { get; init; } = EvaluationKeys.Blank;

    /// <summary>What is measured as a paper's program measures it; null for nothing.</summary>
    public PublishedSpec? Published { get; init; }

    /// <summary>The published numbers that it is compared with; null for none.</summary>
    public ReportedSpec? Reported { get; init; }

    public SamplingSpec Sampling { get; init; } = SamplingKeys.Blank;

    /// <summary>The run whose network scores what is generated; null for none.</summary>
    public RunSpec? Scorer { get; init; }

    /// <summary>Numbers to train; null for a method without a network.</summary>
    public long? Parameters => Method is NetworkMethod method ? Model?.Shape(Data.Tokenizer.Vocabulary, method.View).Parameters : null;

    /// <summary>
    /// Tokens that training will see, repeats included; null for a method that is not trained step by step, and where they are not known
    /// yet.
    /// </summary>
    public long? TrainingTokens => Training is { } plan && Budget is null ? plan.Steps * plan.BatchSize * Data.Length : null;

    /// <summary>The run as it is when its time comes to so many steps; itself where they are written.</summary>
    public RunSpec Taking(long steps) => Budget is { } time ? this with { Training = time.Of(Training!, steps), Budget = null } : this;

    /// <summary>The resolved definition on data of a hash: what the run is named after.</summary>
    public RunDefinition Definition(string dataHash) => RunDefinition.From(RunJson.Identity(this, dataHash));
}

/// <summary>What a sweep has set in a run.</summary>
/// <param name="Key">The key with the sections it is in: <c>model.width</c>.</param>
/// <param name="Value">Its value in JSON.</param>
public sealed record Variation(string Key, string Value)
{
    /// <summary>For labels: <c>model.width 64</c>.</summary>
    public override string ToString() => $"{Key} {(Value.StartsWith('"') ? JsonSerializer.Deserialize<string>(Value) : Value)}";
}
