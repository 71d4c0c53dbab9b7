using Bench.Numerics;
using Bench.Objectives;

namespace Bench.Training;

/// <summary>The type that matrix products are computed in; weights, optimiser and loss stay in float32.</summary>
public enum Precision
{
    /// <summary>bf16 products.</summary>
    BFloat16,

    /// <summary>float32 throughout.</summary>
    Float32,
}

/// <summary>How long and how a network is trained.</summary>
/// <param name="Steps">Optimiser updates.</param>
/// <param name="BatchSize">B: examples an update.</param>
/// <param name="LearningRate">The rate after warm-up.</param>
/// <param name="WarmupSteps">Updates over which the rate rises linearly from 0.</param>
/// <param name="FinalRate">
/// What <see cref="RateSchedule"/> brings the rate down to at the last update, as a share of the full one; 1 keeps it constant.
/// </param>
/// <param name="WeightDecay">Decoupled decay of matrices; never of norms, biases and the embedding.</param>
/// <param name="Beta2">Decay of the second moment; of the first it is 0.9.</param>
/// <param name="ClipNorm">The gradient's global norm is brought down to this.</param>
/// <param name="EmaDecay">Limit of the moving average's decay, which rises as (1 + n)/(10 + n).</param>
/// <param name="Precision">The type of the products.</param>
/// <param name="LogEvery">Updates between two rows of the training log.</param>
/// <param name="ValidateEvery">Updates between two validations; 0 for none.</param>
/// <param name="CheckpointEvery">Updates between two checkpoints.</param>
public sealed record TrainingPlan(
    long Steps,
    int BatchSize,
    double LearningRate,
    long WarmupSteps,
    double FinalRate,
    double WeightDecay,
    double Beta2,
    double ClipNorm,
    double EmaDecay,
    Precision Precision,
    int LogEvery,
    int ValidateEvery,
    int CheckpointEvery)
{
    /// <summary>What papers have as <see cref="Epsilon"/>, but for GIDD, which has 1e-9.</summary>
    public const double UsualEpsilon = 1e-8;

    /// <summary>
    /// Examples that go through the network at once, whose gradients are added up to those of the batch; null for all of the batch. It
    /// changes results by rounding alone, so that no run is named after it.
    /// </summary>
    public int? MicroBatch { get; init => field = value is { } size ? Require.Positive(size) : null; }

    /// <summary>ε, which AdamW adds to the root of the second moment.</summary>
    public double Epsilon { get; init => field = Require.Positive(value); } = UsualEpsilon;

    /// <summary>How many go through at once.</summary>
    public int RowsAtOnce => Math.Min(BatchSize, MicroBatch ?? BatchSize);

    /// <summary>What updates the weights.</summary>
    public IOptimiserChoice Optimiser { get; init; } = new AdamWChoice();

    /// <summary>How the rate falls after the warm-up.</summary>
    public IRateSchedule RateSchedule { get; init; } = new CosineRate();

    /// <summary>How the noise levels of a batch are drawn.</summary>
    public LevelSampling Levels { get; init; }

    /// <summary>The learning rate of an update, counted from 0.</summary>
    public double RateAt(long step) => RateAt(step, LearningRate);

    /// <summary>The same for parameters with a rate of their own, which rises and falls as that of the others does.</summary>
    /// <param name="step">The update, counted from 0.</param>
    /// <param name="full">The rate after the warm-up.</param>
    public double RateAt(long step, double full) =>
        step < WarmupSteps ? full * (step + 1) / WarmupSteps : full * RateSchedule.ShareAt(step, this);

    /// <summary>How much of the updates behind the warm-up lies before an update: 0 for the first of them.</summary>
    internal double ProgressAt(long step) => (double)(step - WarmupSteps) / Math.Max(1, Require.Positive(Steps) - WarmupSteps);

    /// <summary>The moving average's decay at an update, counted from 0 (MDLM's ramp).</summary>
    public double EmaDecayAt(long step) => Math.Min(EmaDecay, (1.0 + step) / (10.0 + step));
}
