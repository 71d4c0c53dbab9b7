using System.CommandLine;
using Bench.Cli.Options;
using Bench.Experiments.Definitions;

namespace Bench.Cli.Commands;

/// <summary><c>bench check</c>: whether definitions are right. Nothing is downloaded, opened or run.</summary>
internal static class CheckCommand
{
    public static Command Of(CliEnvironment environment)
    {
        var definitions = DefinitionsArgument.Of();
        var command = new Command("check", "Look for mistakes in definitions: all of them at once") { definitions };
        command.SetAction(parsed =>
        {
            var reading = DefinitionReader.Load(parsed.GetValue(definitions)!, environment.Stop);
            if (!reading.Problems.IsEmpty)
                throw new ProblemsException(reading.Problems);
            int files = reading.Runs.Select(run => run.Experiment).Distinct(StringComparer.Ordinal).Count();
            environment.Output.WriteLine(
                $"{files} {(files == 1 ? "definition" : "definitions")}, {reading.Runs.Length} "
                    + $"{(reading.Runs.Length == 1 ? "run" : "runs")}, no problem.");
            return ExitCodes.Success;
        });
        return command;
    }
}
