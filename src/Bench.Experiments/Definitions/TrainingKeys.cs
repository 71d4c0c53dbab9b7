using Bench.Experiments.Definitions.Keys;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>The keys under <c>training</c>. Defaults are those of MDLM's small model, but for counts of steps, which follow the budget.</summary>
internal static class TrainingKeys
{
    public const double MostSteps = 1e8;

    public static readonly Key<long> Steps = new(
        "steps",
        new Number<long>(new(1, MostSteps), "it counts updates", "Use 1000 for a first look."),
        "Updates; there is no default, since it decides what a run costs.");

    public static readonly Key<long> Tokens = new(
        "tokens",
        new Number<long>(new(1, 1e15), "it counts the words that training sees", "Use 1000000 for a first look."),
        "Words that training sees, instead of 'steps': as many whole updates as they need.");

    public static readonly Key<double> Minutes = new(
        "minutes",
        new Number<double>(new(0, 100_000, OpenLeast: true), "it is a time in minutes", "Use 5 for a first look."),
        "Time for updates, instead of 'steps': how many that are is measured when a run begins, and kept in its folder.");

    public static readonly Key<int> BatchSize = new(
        "batch-size",
        new Number<int>(new(1, 65_536), "it counts the sequences of an update", "Use 64, or 512 as the papers do."),
        "Sequences an update.", "64");

    public static readonly Key<double> LearningRate = new(
        "learning-rate",
        new Number<double>(new(0, 1, OpenLeast: true), "AdamW moves each weight by about that much an update", "Use 3e-4 as the papers do, up to 3e-3 for small networks."),
        "AdamW's rate after the warm-up.", "3e-4");

    public static readonly Key<long> WarmupSteps = new(
        "warmup-steps",
        new Number<long>(new(0, MostSteps), "it counts updates", "Use a tenth of the steps."),
        "Updates over which the rate rises from 0; by default a tenth of the steps, at most 2500.");

    public static readonly Key<double> FinalRate = new(
        "final-rate",
        new Number<double>(new(0, 1), "it is a share of the learning rate", "Use 1 for a constant rate, 0.1 for a cosine down to a tenth."),
        "What a cosine brings the rate down to, as a share of it; 1 keeps it constant.", "1");

    public static readonly Key<double> WeightDecay = new(
        "weight-decay",
        new Number<double>(new(0, 1), "it is multiplied by the learning rate and taken off each weight", "Use 0 as MDLM does, or 0.1."),
        "Decoupled decay of matrices.", "0");

    public static readonly Key<double> Beta2 = new(
        "beta2",
        new Number<double>(new(0, 1, OpenMost: true), "it is the weight of the past in the second moment", "Use 0.999, or 0.95 for short trainings."),
        "Decay of AdamW's second moment.", "0.999");

    public static readonly Key<double> ClipNorm = new(
        "clip-norm",
        new Number<double>(new(0, 1e6, OpenLeast: true), "it is a norm that gradients are brought down to", "Use 1."),
        "The gradient's global norm is brought down to this.", "1");

    public static readonly Key<double> EmaDecay = new(
        "ema-decay",
        new Number<double>(new(0, 1, OpenMost: true), "it is the weight of the past in the moving average", "Use 0.9999, or 0 to evaluate the last weights."),
        "Decay of the moving average of the weights, which is what is evaluated.", "0.9999");

    public static readonly Key<Precision> Precision = new(
        "precision",
        new Choice<Precision>("precision", PrecisionNames.All),
        "The type of matrix products; where bf16 is not faster on the processor, float32 stands in and the result says so.", "\"bf16\"");

    public static readonly Key<int> LogEvery = new(
        "log-every", new Number<int>(new(1, 1e6), "it counts updates", "Use 10."), "Updates between two rows of training.csv.", "10");

    public static readonly Key<int> ValidateEvery = new(
        "validate-every",
        new Number<int>(new(0, 1e8), "it counts updates", "Use 100, or 0 for no validation while training."),
        "Updates between two looks at the validation text; 0 for none.", "100");

    public static readonly Key<int> CheckpointEvery = new(
        "checkpoint-every",
        new Number<int>(new(1, 1e8), "it counts updates", "Use 100."),
        "Updates between two checkpoints: what a killed run loses at most.", "100");

    public static Section Section { get; } = new(
        Steps, Tokens, Minutes, BatchSize, LearningRate, WarmupSteps, FinalRate, WeightDecay, Beta2, ClipNorm, EmaDecay, Precision, LogEvery, ValidateEvery, CheckpointEvery);
}
