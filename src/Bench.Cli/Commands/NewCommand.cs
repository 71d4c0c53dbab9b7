using System.CommandLine;
using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench new</c>: a definition to begin with.</summary>
internal static class NewCommand
{
    public static Command Of(CliEnvironment environment)
    {
        var method = new Argument<string>("method") { Description = "A method; bench methods lists them" };
        var output = new Option<string?>("--output") { Description = "Write it there; by default to the terminal", HelpName = "file" };
        var command = new Command("new", "Write a definition to begin with, every key explained") { method, output };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(method)!;
            string[] known = [.. MethodTable.All.Select(row => row.Name)];
            var row = MethodTable.Find(name)
                ?? throw new ProblemsException(
                    new Problem("bench new", $"there is no method '{name}'", Spelling.Advice(name, known, "methods")));
            string text = DefinitionReader.Template(row);
            if (parsed.GetValue(output) is not { } file)
            {
                environment.Output.Write(text);
                return ExitCodes.Success;
            }

            if (File.Exists(file) || Directory.Exists(file))
                throw new ProblemsException(new Problem("--output", $"{file} is there already", "Name a new file, or delete that one."));
            AtomicFile.Write(file, text);
            environment.Output.WriteLine(file);
            return ExitCodes.Success;
        });
        return command;
    }
}
