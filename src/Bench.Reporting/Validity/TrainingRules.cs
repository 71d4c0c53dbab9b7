using Bench.Results.Runs;

namespace Bench.Reporting.Validity;

/// <summary>What no row of <c>training.csv</c> can say: training ends at a loss that is not finite, and steps and times go on.</summary>
internal static class TrainingRules
{
    // A bound is estimated from draws, and that of a text which is known by heart may lie a little below 0.
    private const double LeastBits = -1e-3;

    private const string Fix = "Find out who changed the file, then delete the run's folder and run its definition again.";

    /// <summary>Of each row the first number that cannot be, in the order of the file.</summary>
    public static IEnumerable<ImpossibleValue> Violations(RunRecord run)
    {
        TrainingPoint? before = null;
        foreach (var (row, point) in run.Curve.Index())
        {
            if (Columns(point, before).FirstOrDefault(column => column.Why is not null) is { Why: { } why } wrong)
            {
                const int First = 2; // behind the header; no field has a line break
                yield return new(run, "training.csv", First + row, Column: null, wrong.Name, $"step {point.Step}", "", wrong.Value, why, Fix);
            }

            before = point;
        }
    }

    private static IEnumerable<(string Name, double Value, string? Why)> Columns(TrainingPoint point, TrainingPoint? before) =>
    [
        ("step", point.Step, point.Step < 1 ? "it is 1 or more"
            : point.Step <= before?.Step ? $"the row before it is of step {before.Step}" : null),
        ("tokens", point.Tokens, point.Tokens < 0 ? "it is 0 or more"
            : point.Tokens < before?.Tokens ? $"{before.Tokens} had been seen before" : null),
        ("seconds", point.Seconds, NotAmount(point.Seconds)
            ?? (point.Seconds < before?.Seconds ? $"{before.Seconds} had gone by before" : null)),
        ("loss", point.Loss, NotFinite(point.Loss)),
        ("gradient_norm", point.GradientNorm, NotAmount(point.GradientNorm)),
        ("learning_rate", point.LearningRate, NotAmount(point.LearningRate)),
        ("tokens_per_second", point.TokensPerSecond, NotAmount(point.TokensPerSecond)),
        ("validation_bits", point.ValidationBits ?? 0, NotFinite(point.ValidationBits ?? 0)
            ?? (point.ValidationBits < LeastBits ? "no token is more probable than 1, so that it is 0 or more" : null)),
    ];

    private static string? NotFinite(double value) => double.IsFinite(value) ? null : "it is a finite number";

    private static string? NotAmount(double value) => NotFinite(value) ?? (value < 0 ? "it is 0 or more" : null);
}
