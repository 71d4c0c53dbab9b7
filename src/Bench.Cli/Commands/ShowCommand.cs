using System.CommandLine;
using Bench.Experiments.Definitions;

namespace Bench.Cli.Commands;

/// <summary><c>bench show</c>: a definition as the suite understands it. What it prints is a definition of the same runs.</summary>
internal static class ShowCommand
{
    public static Command Of(CliEnvironment environment)
    {
        var definition = new Argument<string>("definition") { Description = "A YAML file" };
        var command = new Command("show", "Write a definition out with its profile and every default filled in") { definition };
        command.SetAction(parsed =>
        {
            var shown = DefinitionReader.Show(parsed.GetValue(definition)!);
            environment.Output.Write(shown.Problems.IsEmpty ? shown.Text : throw new ProblemsException(shown.Problems));
            return ExitCodes.Success;
        });
        return command;
    }
}
