using Bench.Training;

namespace Bench.Experiments.Format;

/// <summary>What a section <c>training</c> says.</summary>
/// <param name="Plan">Its steps are 0 where a budget stands for them.</param>
/// <param name="Budget">Time instead of steps.</param>
internal sealed record TrainingSpec(TrainingPlan Plan, TimeBudget? Budget);
