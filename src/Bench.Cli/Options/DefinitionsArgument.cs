using System.CommandLine;
using System.CommandLine.Parsing;

namespace Bench.Cli.Options;

/// <summary>Experiment definitions: YAML files, or folders of them.</summary>
internal static class DefinitionsArgument
{
    public static Argument<string[]> Of()
    {
        var argument = new Argument<string[]>("definitions")
        {
            Description = "YAML files, or folders of them, such as experiments/quick",
            Arity = ArgumentArity.OneOrMore,
        };

        // The parser takes what it does not know for one more definition.
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("the name of a definition is empty\nName YAML files, or folders of them, such as experiments/quick.");
            foreach (string token in result.Tokens.Select(token => token.Value).Where(value => value.StartsWith('-')))
            {
                string advice = ParseProblems.Known(((CommandResult)result.Parent!).Command, ParseProblems.Program, token);
                result.AddError($"unknown option '{token}'\n{advice}");
            }
        });
        return argument;
    }
}
