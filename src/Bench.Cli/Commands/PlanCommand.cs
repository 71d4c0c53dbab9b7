using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Experiments;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench plan</c>: what would run, and what it would take.</summary>
internal static class PlanCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var command = new Command("plan", "Show what definitions ask for and what is left to do; trains nothing") { definitions };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            var plan = new Campaign(session).Prepare(parsed.GetValue(definitions)!);
            TableDisplay.Write(session.Here, Table(plan));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Reporting.Tables.TextTable Table(Plan plan) => TableDisplay.Words(
        "Runs",
        ["Experiment", "Method", "Seed", "State", "Parameters", "Tokens to train", "Run"],
        plan.Runs.Select(Row),
        $"{plan.Runs.Length} runs, {plan.Runs.Count(run => run.State == RunState.Finished)} finished.");

    private static ImmutableArray<string> Row(PlannedRun run) =>
    [
        run.Spec.Experiment,
        run.Spec.Method.Title,
        run.Spec.Seed.ToString(CultureInfo.InvariantCulture),
        run.Why,
        run.Spec.Parameters is { } parameters ? Quantity.Count(parameters) : Reporting.Tables.Table.Dash,
        run.Spec.TrainingTokens is { } tokens ? Quantity.Count(tokens) : Reporting.Tables.Table.Dash,
        run.Id,
    ];
}
