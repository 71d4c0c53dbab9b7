using System.Collections.Immutable;
using System.CommandLine;
using Bench.Cli.Display;
using Bench.Data;
using Bench.Methods;

namespace Bench.Cli.Commands;

/// <summary><c>bench methods</c>: the table of methods, as the code has it.</summary>
internal static class MethodsCommand
{
    // Names do not depend on the size; a small one stands for all.
    private const int Length = 8;
    private static readonly Vocabulary Words = new("any", Length);

    public static Command Of(Surroundings here)
    {
        var command = new Command("methods", "List the methods: noise, hyperschedule, objective, view, sampler, paper");
        command.SetAction(_ =>
        {
            TableDisplay.Write(here, TableDisplay.Words(
                "Methods",
                ["Method", "Title", "Noise", "Hyperschedule", "Objective", "Backbone view", "Sampler", "Paper"],
                MethodTable.All.Select(Row)));
            return ExitCodes.Success;
        });
        return command;
    }

    private static ImmutableArray<string> Row(IMethod method) => method is NetworkMethod network
        ?
        [
            network.Name, network.Title, network.Noise.Name, network.Hyperschedule(Length, Length).Name.Split('-')[0], // the family; sizes are an experiment's
            network.Objective(network.Problem(Words, Length)).Name, network.View.ToString(), network.Sampler.Name, network.Paper,
        ]
        : [method.Name, method.Title, "–", "–", "counts", "–", "–", method.Paper];
}
