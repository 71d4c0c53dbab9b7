using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Objectives;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>What a section <c>training</c> says.</summary>
/// <param name="Plan">Its steps are 0 where a budget stands for them.</param>
/// <param name="Budget">Time instead of steps.</param>
internal sealed record TrainingSpec(TrainingPlan Plan, TimeBudget? Budget);

/// <summary>
/// The keys under <c>training</c>. Defaults are those of MDLM's small model, but for counts of steps, which follow the budget.
/// </summary>
internal static class TrainingKeys
{
    public const double MostSteps = 1e8;

    public static readonly TrainingSpec Blank = new(new(0, 0, 0, 0, 0, 0, 0, 0, 0, Precision.BFloat16, 0, 0, 0), Budget: null);

    public static readonly Key<TrainingSpec, long> Steps = new(
        "steps",
        new Number<long>(new(1, MostSteps), "it counts updates", "Use 1000 for a first look."),
        "Updates; there is no default, since it decides what a run costs.",
        training => training.Budget is null ? training.Plan.Steps : null,
        (training, value) => training with { Plan = training.Plan with { Steps = value } });

    public static readonly Key<TrainingSpec, long> Tokens = new(
        "tokens",
        new Number<long>(new(1, 1e15), "it counts the tokens of training", "Use 1000000 for a first look."),
        "Tokens of training, repeats included, instead of 'steps': as many whole updates as they need.",
        _ => null, (training, _) => training); // they become steps once the length of a sequence is known

    // The number of steps depends on the machine, not on the definition.
    public static readonly Key<TrainingSpec, double> Minutes = new(
        "minutes",
        new Number<double>(new(0, 100_000, OpenLeast: true), "it is a time in minutes", "Use 5 for a first look."),
        "Time for updates, instead of 'steps': how many that are is measured when a run begins, and kept in its folder.",
        training => training.Budget?.Minutes, (training, value) => training with { Budget = new(value, WarmupSteps: null) });

    public static readonly Key<TrainingSpec, int> BatchSize = Plan(
        "batch-size",
        new Number<int>(new(1, 65_536), "it counts the sequences of an update", "Use 64, or 512 as the papers do."),
        "Sequences an update.",
        plan => plan.BatchSize, (plan, value) => plan with { BatchSize = value }, "64");

    public static readonly Key<TrainingSpec, long> WarmupSteps = new(
        "warmup-steps",
        new Number<long>(new(0, MostSteps), "it counts updates", "Use a tenth of the steps."),
        "Updates over which the rate rises from 0; by default a tenth of the steps, at most 2500.",
        training => training.Budget is { } time ? time.WarmupSteps : training.Plan.WarmupSteps,
        (training, value) => training.Budget is { } time
            ? training with { Budget = time with { WarmupSteps = value } }
            : training with { Plan = training.Plan with { WarmupSteps = value } });

    public static readonly Key<TrainingSpec, double> FinalRate = Plan(
        "final-rate",
        new Number<double>(
            new(0, 1), "it is a share of the learning rate", "Use 1 for a constant rate, 0.1 for a cosine down to a tenth."),
        "What the schedule brings the rate down to, as a share of it; 1 keeps it constant.",
        plan => plan.FinalRate, (plan, value) => plan with { FinalRate = value }, "1");

    public static readonly Key<TrainingSpec, Component<IRateSchedule>> Schedule = Plan(
        "rate-schedule",
        RateScheduleKinds.All,
        "How the rate falls after the warm-up.",
        plan => plan.RateSchedule is CosineRate ? null : RateScheduleKinds.All.Of(plan.RateSchedule),
        (plan, value) => plan with { RateSchedule = value.Value }, "\"cosine\"");

    public static Section Section { get; } = new(
        Steps,
        Tokens,
        Minutes,
        BatchSize,
        Plan(
            "learning-rate",
            new Number<double>(
                new(0, 1, OpenLeast: true),
                "AdamW moves each weight by about that much an update",
                "Use 3e-4 as the papers do, up to 3e-3 for small networks."),
            "AdamW's rate after the warm-up.",
            plan => plan.LearningRate, (plan, value) => plan with { LearningRate = value }, "3e-4"),
        WarmupSteps,
        FinalRate,
        Schedule,
        Plan(
            "optimizer",
            OptimiserKinds.All,
            "What updates the weights.",
            plan => plan.Optimiser is AdamWChoice ? null : OptimiserKinds.All.Of(plan.Optimiser),
            (plan, value) => plan with { Optimiser = value.Value }, "\"adamw\""),
        Plan(
            "levels",
            new Choice<LevelSampling>(
                "level sampling",
                [
                    new("stratified", LevelSampling.Stratified), new("spaced", LevelSampling.Spaced),
                    new("independent", LevelSampling.Independent),
                ]),
            "How the noise levels of a batch are drawn: one in each stratum of the range (MDLM), at even distances (GIDD), or each by "
                + "itself (SEDD).",
            plan => plan.Levels == LevelSampling.Stratified ? null : plan.Levels, (plan, value) => plan with { Levels = value },
            "\"stratified\""),
        Plan(
            "weight-decay",
            new Number<double>(new(0, 1), "it is multiplied by the learning rate and taken off each weight", "Use 0 as MDLM does, or 0.1."),
            "Decoupled decay of matrices.",
            plan => plan.WeightDecay, (plan, value) => plan with { WeightDecay = value }, "0"),
        Plan(
            "beta2",
            new Number<double>(
                new(0, 1, OpenMost: true), "it is the weight of the past in the second moment", "Use 0.999, or 0.95 for short trainings."),
            "Decay of AdamW's second moment.",
            plan => plan.Beta2, (plan, value) => plan with { Beta2 = value }, "0.999"),
        Plan(
            "epsilon",
            new Number<double>(
                new(0, 1, OpenLeast: true), "it is added to the root of the second moment", "Use 1e-8, or 1e-9 as GIDD does."),
            "AdamW's ε, beside the root of the second moment.",
            plan => plan.Epsilon == TrainingPlan.UsualEpsilon ? null : plan.Epsilon,
            (plan, value) => plan with { Epsilon = value },
            "1e-8"),
        Plan(
            "clip-norm",
            new Number<double>(new(0, 1e6, OpenLeast: true), "it is a norm that gradients are brought down to", "Use 1."),
            "The gradient's global norm is brought down to this.",
            plan => plan.ClipNorm, (plan, value) => plan with { ClipNorm = value }, "1"),
        Plan(
            "ema-decay",
            new Number<double>(
                new(0, 1, OpenMost: true),
                "it is the weight of the past in the moving average",
                "Use 0.9999, or 0 to evaluate the last weights."),
            "Decay of the moving average of the weights, which is what is evaluated.",
            plan => plan.EmaDecay, (plan, value) => plan with { EmaDecay = value }, "0.9999"),
        Plan(
            "precision",
            new Choice<Precision>("precision", PrecisionNames.All),
            "The type of matrix products; where bf16 is not faster on the processor, float32 stands in and the result says so.",
            plan => plan.Precision, (plan, value) => plan with { Precision = value }, "\"bf16\""),
        Plan(
            "log-every",
            new Number<int>(new(1, 1e6), "it counts updates", "Use 10."),
            "Updates between two rows of training.csv.",
            plan => plan.LogEvery, (plan, value) => plan with { LogEvery = value }, "10"),
        Plan(
            "validate-every",
            new Number<int>(new(0, 1e8), "it counts updates", "Use 100, or 0 for no validation while training."),
            "Updates between two evaluations on the validation text; 0 for none.",
            plan => plan.ValidateEvery, (plan, value) => plan with { ValidateEvery = value }, "100"),
        Plan(
            "checkpoint-every",
            new Number<int>(new(1, 1e8), "it counts updates", "Use 100."),
            "Updates between two checkpoints: what a killed run loses at most.",
            plan => plan.CheckpointEvery, (plan, value) => plan with { CheckpointEvery = value }, "100"));

    private static Key<TrainingSpec, T> Plan<T>(
        string name, Kind<T> kind, string doc, Func<TrainingPlan, object?> get, Func<TrainingPlan, T, TrainingPlan> set, string fallback) =>
        new(
            name,
            kind,
            doc,
            training => get(training.Plan),
            (training, value) => training with { Plan = set(training.Plan, value) },
            fallback);
}

/// <summary>The types of matrix products, as definitions call them.</summary>
public static class PrecisionNames
{
    /// <summary>Names and types.</summary>
    public static IReadOnlyList<KeyValuePair<string, Precision>> All { get; } =
    [
        new("bf16", Precision.BFloat16),
        new("float32", Precision.Float32),
    ];

    /// <summary>The name of a type.</summary>
    public static string Of(Precision precision) => All.First(pair => pair.Value == precision).Key;
}

/// <summary>A training that is given time instead of steps. How many steps that comes to is measured when the run begins.</summary>
/// <param name="Minutes">Of updates; validation and checkpoints come on top.</param>
/// <param name="WarmupSteps">Updates over which the rate rises; null for a tenth of them.</param>
public sealed record TimeBudget(double Minutes, long? WarmupSteps)
{
    private const long MostWarmup = 2500, MostSteps = 100_000_000;

    /// <summary>The same in seconds.</summary>
    public double Seconds => 60 * Minutes;

    /// <summary>The warm-up of a number of steps, where a definition leaves it out.</summary>
    public static long UsualWarmup(long steps) => Math.Min(MostWarmup, steps / 10);

    /// <summary>How many updates of so many seconds it comes to.</summary>
    public long StepsOf(double secondsPerStep) => (long)Math.Clamp(Seconds / secondsPerStep, 1, MostSteps);

    /// <summary>The plan with the steps that were found.</summary>
    public TrainingPlan Of(TrainingPlan plan, long steps) =>
        plan with { Steps = steps, WarmupSteps = Math.Min(steps, WarmupSteps ?? UsualWarmup(steps)) };
}
