using System.CommandLine;
using System.CommandLine.Parsing;
using Bench.Results;

namespace Bench.Cli;

/// <summary>Errors of a command line, in the suite's own format.</summary>
internal static class ParseProblems
{
    /// <summary>What the program is called.</summary>
    public const string Program = "bench";

    public static IEnumerable<Problem> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string path = string.Join(' ', Path(parsed.CommandResult).Reverse());
        foreach (string token in parsed.UnmatchedTokens)
            yield return new(path, $"unknown {(token.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} '{token}'", Known(command, path, token));
        foreach (var error in parsed.Errors.Where(error => !parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))))
            yield return Problem(error, path);
    }

    /// <summary>Suggestions for an unknown argument.</summary>
    public static string Known(Command command, string path, string token)
    {
        if (token.StartsWith('-'))
            return Spelling.Advice(token, [.. Options(command)], "options");
        return command.Subcommands.Count > 0 ? Spelling.Advice(token, [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)], "commands") : $"See '{path} --help'.";
    }

    // Our own validators add what to do on a second line.
    private static Problem Problem(ParseError error, string path)
    {
        string[] lines = error.Message.Split('\n', 2);
        string help = $"See '{path} --help'.";
        return error.SymbolResult switch
        {
            ArgumentResult { Parent: CommandResult, Tokens.Count: 0 } missing => new(path, $"<{missing.Argument.Name}> is missing", help),
            OptionResult { Tokens.Count: 0, Option: { Required: true } option } => new(path, $"{option.Name} <{option.HelpName}> is missing", help),
            ArgumentResult { Parent: OptionResult option } => new(option.Option.Name, lines[0].TrimEnd('.'), lines.Length > 1 ? lines[1] : help),
            OptionResult option => new(option.Option.Name, lines[0].TrimEnd('.'), lines.Length > 1 ? lines[1] : help),
            _ => new(path, lines[0].TrimEnd('.'), lines.Length > 1 ? lines[1] : help),
        };
    }

    private static IEnumerable<string> Options(Command command) => command.Options
        .Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
        .Select(option => option.Name)
        .Where(name => name.StartsWith("--", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Path(SymbolResult? result)
    {
        for (; result is CommandResult command; result = result.Parent)
            yield return command.Command is RootCommand ? Program : command.Command.Name;
    }
}
