using System.Text.Json;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Kernels.Ranks;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tasks;
using Bench.Tasks.TextGeneration;
using Bench.Training;

namespace Bench.Experiments.Running;

/// <summary>What rank 0 says to all others before a training: a line of JSON.</summary>
/// <param name="Run">The run, as <see cref="Planning.PlannedRun.ToJson"/> writes it.</param>
/// <param name="Data">The hash of its text, which has to be the same for all.</param>
/// <param name="Found">What was found for its training.</param>
/// <param name="Device">Where networks are.</param>
/// <param name="Threads">Threads of each rank; null for its share of its machine.</param>
internal sealed record TrainingOrder(string Run, string Data, FoundPlan Found, string Device, int? Threads)
{
    /// <summary>What is said when nothing follows.</summary>
    public const string End = "";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static TrainingOrder Read(string line) => JsonSerializer.Deserialize<TrainingOrder>(line)!;

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}

/// <summary>What rank 0 decides of a training: all else every rank reads from the run.</summary>
/// <param name="Steps">Updates, found for a time or few to measure speed by.</param>
/// <param name="WarmupSteps">Updates over which the rate rises.</param>
/// <param name="Precision">The type of the products, which the machine has to offer.</param>
/// <param name="MicroBatch">Examples that go through the network at once; null for all.</param>
/// <param name="LogEvery">Updates between two rows of the log.</param>
/// <param name="ValidateEvery">Updates between two validations.</param>
/// <param name="CheckpointEvery">Updates between two checkpoints.</param>
internal sealed record FoundPlan(
    long Steps, long WarmupSteps, Precision Precision, int? MicroBatch, int LogEvery, int ValidateEvery, int CheckpointEvery)
{
    /// <summary>That of a training.</summary>
    public static FoundPlan Of(TrainingPlan plan) => new(
        plan.Steps, plan.WarmupSteps, plan.Precision, plan.MicroBatch, plan.LogEvery, plan.ValidateEvery, plan.CheckpointEvery);

    /// <summary>The training of a run with what was found.</summary>
    public TrainingPlan Complete(TrainingPlan plan) => plan with
    {
        Steps = Steps,
        WarmupSteps = WarmupSteps,
        Precision = Precision,
        MicroBatch = MicroBatch,
        LogEvery = LogEvery,
        ValidateEvery = ValidateEvery,
        CheckpointEvery = CheckpointEvery,
    };
}

/// <summary>The training of a run, as every rank makes it.</summary>
internal static class RunTraining
{
    /// <summary>Prepares it.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="data">Its text.</param>
    /// <param name="objective">The loss.</param>
    /// <param name="network">Trained in place.</param>
    /// <param name="plan">How.</param>
    /// <param name="ranks">The processes that share each batch; null for one alone.</param>
    public static Trainer Of(RunSpec spec, Dataset data, IObjective objective, Ddit network, TrainingPlan plan, IRanks? ranks)
    {
        var random = RandomStream.Root(spec.Seed);
        return new(
            network,
            objective,
            (spec.Task ?? new TextGenerationTask()).Training(
                new BatchStream(data.Train, spec.Data.Length, plan.BatchSize, random.Split("batches"))),
            plan,
            random.Split("training"),
            TorchEnvironment.Device,
            ranks);
    }
}
