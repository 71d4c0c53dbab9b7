using System.Collections.Immutable;
using System.CommandLine;
using Bench.Cli.Display;
using Bench.Data;
using Bench.Experiments.Definitions.Components;
using Bench.Guidance;
using Bench.Methods;
using Bench.Sampling;

namespace Bench.Cli.Commands;

/// <summary><c>bench methods</c>: the tables of methods, samplers and ways of guiding, as the code has them.</summary>
internal static class MethodsCommand
{
    // The suite's usual sequences; sizes of hyperschedules are theirs.
    private const int Length = 128;
    private static readonly Vocabulary Letters = new("letters", 27);

    public static Command Of(CliEnvironment environment)
    {
        var command = new Command("methods",
            "List the methods (noise, hyperschedule, objective, view, sampler, paper), the samplers and ways of guiding them");
        command.SetAction(_ =>
        {
            TableDisplay.Write(environment, TableDisplay.Words(
                "Methods",
                ["Method", "Noise", "Schedule", "Hyperschedule", "Objective", "Backbone view", "Sampler", "Paper", "Equation"],
                MethodTable.All.Select(Row),
                $"Noise, objective and view with their parameters, hyperschedules on sequences of {Length} tokens in about as many "
                    + $"steps; definitions name a method by its first column."));
            environment.Output.WriteLine();
            TableDisplay.Write(environment, TableDisplay.Words(
                "Samplers",
                ["Sampler", "Reads", "Step", "Number"],
                SamplerTable.Rows.Select(Row),
                "A method can be sampled by all that read what its own sampler reads and that are made for its noise and its "
                    + "hyperschedule; 'bench sample' says why where one is not."));
            environment.Output.WriteLine();
            TableDisplay.Write(environment, TableDisplay.Words(
                "Guidance",
                ["Guidance", "Way", "Keys"],
                [
                    .. GuidanceWays.Rows.Select(row => (ImmutableArray<string>)[row.Kind, row.Summary, row.Keys]),
                    .. ValueTable.Rows.Select(row => (ImmutableArray<string>)[$"value: {row.Name}", row.Summary, ""]),
                    .. RewardTable.Rows.Select(row => (ImmutableArray<string>)[$"reward: {row.Name}", row.Summary, ""]),
                ],
                "Any sampler can be guided towards a reward; 'bench sample --guidance' and sampling.guidance of definitions take a kind "
                    + "with its keys, such as { kind: svdd, candidates: 8, alpha: 0.5, value: sampled-4, reward: lipogram }."));
            return ExitCodes.Success;
        });
        return command;
    }

    private static ImmutableArray<string> Row(IMethod method) => method is NetworkMethod network
        ? [network.Name, .. network.Components(Letters, Length).Select(entry => entry.Is), network.Paper, network.Equation]
        : [method.Name, "–", "–", "–", "counts", "–", "–", method.Paper, method.Equation];

    private static ImmutableArray<string> Row(SamplerRow sampler) =>
        [sampler.Example, $"{SamplerTable.Find(sampler.Example)!.Reads}", sampler.Summary,
            sampler.Number is { } number ? $"{number.Meaning} {number.Range}" : "–"];
}
