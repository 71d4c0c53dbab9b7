using System.CommandLine;

namespace Bench.Cli.Commands;

/// <summary><c>bench run</c>: definitions to results.</summary>
internal static class RunCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var command = new Command("run", "Run what definitions ask for: finished runs are skipped, interrupted ones go on") { definitions, retry };
        command.SetAction(parsed =>
        {
            var campaign = new Campaign(open(parsed));
            return campaign.Execute(campaign.Prepare(parsed.GetValue(definitions)!), parsed.GetValue(retry));
        });
        return command;
    }
}
