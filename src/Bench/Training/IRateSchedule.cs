using Bench.Numerics;

namespace Bench.Training;

/// <summary>How the learning rate falls after the warm-up.</summary>
public interface IRateSchedule
{
    /// <summary>The rate of an update as a share of the full one.</summary>
    /// <param name="step">The update, counted from 0, behind the warm-up.</param>
    /// <param name="plan">Steps, warm-up, and the share at which the rate ends; the last update is one step before that.</param>
    double ShareAt(long step, TrainingPlan plan);
}

/// <summary>Half a cosine from the end of the warm-up to the end of the training.</summary>
public sealed record CosineRate : IRateSchedule
{
    /// <inheritdoc/>
    public double ShareAt(long step, TrainingPlan plan) =>
        plan.FinalRate + ((1 - plan.FinalRate) * (1 + Math.Cos(Math.PI * plan.ProgressAt(step))) / 2);
}

/// <summary>The full rate to the end, whatever share the plan names.</summary>
public sealed record ConstantRate : IRateSchedule
{
    /// <inheritdoc/>
    public double ShareAt(long step, TrainingPlan plan) => 1;
}

/// <summary>A straight line from the end of the warm-up to the end of the training.</summary>
public sealed record LinearRate : IRateSchedule
{
    /// <inheritdoc/>
    public double ShareAt(long step, TrainingPlan plan) => 1 - ((1 - plan.FinalRate) * plan.ProgressAt(step));
}

/// <summary>The full rate, then a straight line over the last part of all updates (warm-up, stable, decay).</summary>
/// <param name="CoolDown">Share of all updates that the line takes, in (0, 1]; it begins behind the warm-up at the earliest.</param>
public sealed record TrapezoidalRate(double CoolDown = 0.2) : IRateSchedule
{
    /// <inheritdoc cref="TrapezoidalRate" path="/param"/>
    public double CoolDown { get; } = Require.UnitInterval(Require.Positive(CoolDown));

    /// <inheritdoc/>
    public double ShareAt(long step, TrainingPlan plan)
    {
        double start = Math.Max(plan.WarmupSteps, plan.Steps * (1 - CoolDown));
        return step <= start ? 1 : 1 - ((1 - plan.FinalRate) * (step - start) / (plan.Steps - start));
    }
}
