using System.CommandLine;
using System.CommandLine.Invocation;
using Bench.Cli.Commands;

namespace Bench.Cli;

/// <summary>The program: reads the command line, does what it says, and ends with an exit code and, where something is wrong, with words.</summary>
internal static class Application
{
    /// <summary>Runs one command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Surroundings here)
    {
        var options = new GlobalOptions();
        var parsed = CommandTree.Of(here, options).Parse(arguments);
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new ProblemsException([.. ParseProblems.Of(parsed)]);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = here.Output,
                Error = here.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Ctrl-C is handled in Interruption.
            });
        }
        catch (Exception failure)
        {
            return Failures.Tell(failure, here, parsed.GetResult(options.Verbose) is { Implicit: false });
        }
    }
}
