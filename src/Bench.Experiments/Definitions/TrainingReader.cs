using System.Collections.Immutable;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>The rules of <c>training</c> that take several keys.</summary>
/// <param name="data">The text, whose sequences turn tokens into steps; null where it was refused.</param>
/// <param name="report">Takes problems.</param>
internal sealed class TrainingReader(DataSpec? data, Diagnostics report)
{
    /// <summary>Makes the section of its values, or reports why not.</summary>
    /// <param name="values">What was read.</param>
    /// <param name="trainees">The methods of the definition.</param>
    public TrainingSpec? Read(Values values, ImmutableArray<IMethod> trainees)
    {
        Key[] written = [.. new Key[] { TrainingKeys.Steps, TrainingKeys.Tokens, TrainingKeys.Minutes }.Where(values.IsWritten)];
        if (written.Length > 1)
        {
            report.Add(
                values.At(written[1]),
                $"training has {string.Join(" and ", written.Select(key => key.Name))}, but one budget is enough",
                $"Keep one of them, such as {written[0].Name}.");
        }

        if (written.Length != 1 || !values.Has(written[0]))
        {
            string[] trained = [.. trainees.Where(Specialisation.IsTrained).Select(method => method.Name)];
            // A value that was refused has been reported where it stands.
            if (trained.Length > 0 && written.Length == 0)
            {
                report.Add(
                    values.At(TrainingKeys.Steps),
                    $"training.steps is missing, and {string.Join(", ", trained)} cannot be trained without it",
                    "Add 'steps' under 'training', such as 1000: how many updates a run makes; or 'tokens', or 'minutes'.");
            }

            return null;
        }

        if (Steps(values) is not { } steps)
            return null;
        var training = TrainingKeys.Section.Make(TrainingKeys.Blank, values);
        if (training.Budget is null)
        {
            training = training with
            {
                Plan = training.Plan with
                {
                    Steps = steps,
                    WarmupSteps = values.Get(TrainingKeys.WarmupSteps, TimeBudget.UsualWarmup(steps)),
                },
            };
        }

        long warmup = training.Plan.WarmupSteps;
        if (warmup > steps)
        {
            report.Add(
                values.At(TrainingKeys.WarmupSteps),
                $"training.warmup-steps is {warmup}, more than the {steps} steps of the training",
                $"Use {steps / 10}, a tenth of the steps.");
        }

        if (training.Plan is { FinalRate: 1, RateSchedule: LinearRate or TrapezoidalRate } && values.Has(TrainingKeys.Schedule))
        {
            report.Add(
                values.At(TrainingKeys.Schedule),
                "training.rate-schedule lets the rate fall to training.final-rate, which is 1: it would stay as it is",
                "Add final-rate: 0 for a fall to zero, or write rate-schedule: constant.");
        }

        return values.IsComplete ? training : null;
    }

    // 0 where it is not known yet; null where it cannot be computed.
    private long? Steps(Values values)
    {
        if (values.Has(TrainingKeys.Steps))
            return values.Get(TrainingKeys.Steps);
        if (values.Has(TrainingKeys.Minutes))
            return 0;
        if (data is null || !values.Has(TrainingKeys.BatchSize))
            return null;
        long tokens = values.Get(TrainingKeys.Tokens), update = (long)values.Get(TrainingKeys.BatchSize) * data.Length;
        double steps = Math.Ceiling((double)tokens / update);
        if (steps <= TrainingKeys.MostSteps)
            return ((tokens - 1) / update) + 1;
        report.Add(
            values.At(TrainingKeys.Tokens),
            $"training.tokens is {tokens}, which takes {steps:0} steps of {update} tokens, but {TrainingKeys.MostSteps:0} are the most",
            "Use fewer, or larger batches.");
        return null;
    }
}
