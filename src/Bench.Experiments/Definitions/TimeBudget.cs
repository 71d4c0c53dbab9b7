using Bench.Training;

namespace Bench.Experiments.Definitions;

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
