using Bench.Experiments.Planning;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>A plan for scripts: CSV, every digit, nothing for what is not known. Where training is given its seconds, tokens and operations are estimates.</summary>
internal static class PlanFile
{
    private static readonly string[] Header =
    [
        "experiment", "method", "seed", "label", "id", "state", "why", "parameters", "tokens", "training_flop", "likelihood_flop", "generation_flop",
        "memory_bytes", "disk_bytes", "training_seconds", "likelihood_seconds", "generation_seconds", "given_seconds",
    ];

    /// <summary>The whole file.</summary>
    public static string Text(Plan plan, IReadOnlyDictionary<string, RunTimeEstimate> expected) => CsvFormat.Text(plan.Runs.Select(run => Row(plan, run, expected)).Prepend(Header));

    private static string[] Row(Plan plan, PlannedRun run, IReadOnlyDictionary<string, RunTimeEstimate> expected)
    {
        RunTimeEstimate? time = expected.TryGetValue(run.Folder, out var found) ? found : null;
        var cost = plan.CostOf(run, found);
        double? given = run.Spec.Budget?.Seconds;
        return
        [
            run.Spec.Experiment,
            run.Spec.Method.Name,
            CsvFormat.Field((long)run.Spec.Seed),
            RunLabel.Of(run),
            run.Id,
            run.Standing,
            run.Why,
            CsvFormat.Field(cost.Parameters),
            CsvFormat.Field(cost.Tokens),
            CsvFormat.Field(cost.Training),
            CsvFormat.Field(cost.Likelihood),
            CsvFormat.Field(cost.Generation),
            CsvFormat.Field((long)cost.Memory.Bytes),
            CsvFormat.Field(cost.Disk),
            CsvFormat.Field(time?.Training ?? (given * cost.LeftOf(run))),
            CsvFormat.Field(time?.Likelihood),
            CsvFormat.Field(time?.Generation),
            CsvFormat.Field(given),
        ];
    }
}
