using System.CommandLine;

namespace Bench.Cli.Commands;

/// <summary><c>bench run</c>: definitions to results.</summary>
internal static class RunCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var only = new Option<string[]>("--only") { Description = "Of these runs alone, and of the judges that they need: ids or beginnings of ids", HelpName = "id", AllowMultipleArgumentsPerToken = true };
        var force = new Option<bool>("--force") { Description = "Begin what does not fit into the memory or the disk of this machine all the same" };
        var command = new Command("run", "Run what definitions ask for: finished runs are skipped, interrupted ones go on") { definitions, retry, only, force };
        command.SetAction(parsed =>
        {
            var campaign = new Campaign(open(parsed));
            var plan = campaign.Prepare(parsed.GetValue(definitions)!);
            return campaign.Execute(parsed.GetValue(only) is { Length: > 0 } ids ? plan.Only(ids) : plan, parsed.GetValue(retry), parsed.GetValue(force));
        });
        return command;
    }
}
