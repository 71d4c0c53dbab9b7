using System.CommandLine;
using System.CommandLine.Invocation;

namespace Bench.Cli.Commands;

/// <summary>The program: reads the command line, does what it says, and ends with an exit code and, on failure, a message.</summary>
internal static class Application
{
    /// <summary>Runs one command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, CliEnvironment environment)
    {
        var options = new GlobalOptions();
        // An argument that begins with @ is a name like any other, not a response file.
        var parsed = CommandTree.Of(environment, options).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new ProblemsException([.. ParseProblems.Of(parsed)]);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = environment.Output,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Ctrl-C is handled in Interruption.
            });
        }
        catch (Exception failure)
        {
            return Failures.Report(failure, environment, parsed.GetResult(options.Verbose) is { Implicit: false });
        }
    }
}
