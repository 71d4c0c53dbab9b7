using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Bench.Cli.Commands.Checkpoints;

namespace Bench.Cli.Commands;

/// <summary>All commands on one page.</summary>
internal static class CommandTree
{
    public static RootCommand Of(CliEnvironment environment, GlobalOptions options)
    {
        var root = new RootCommand(
            "Trains, evaluates and compares autoregressive and diffusion models of text.") { HelpName = ParseProblems.Program };
        foreach (var option in options.All)
            root.Add(option);
        Func<ParseResult, Session> session = parsed => new Session(environment, options, parsed);
        foreach (var command in new[]
        {
            ReproduceCommand.Of(session),
            NewCommand.Of(environment),
            CheckCommand.Of(environment),
            ShowCommand.Of(environment),
            PlanCommand.Of(session),
            RunCommand.Of(session),
            SubmitCommand.Of(session),
            ReportCommand.Of(session),
            FiguresCommand.Of(session),
            RegressCommand.Of(session),
            EvalCommand.Of(session),
            SampleCommand.Of(session),
            InspectCommand.Of(session),
            ImportCommand.Of(session),
            ExportCommand.Of(session),
            MethodsCommand.Of(environment),
            ScheduleCommand.Of(environment),
            DataCommand.Of(session),
            RunsCommand.Of(session),
            DiffCommand.Of(session),
            GcCommand.Of(session),
            SpeedCommand.Of(session),
            DoctorCommand.Of(session),
            WorkCommand.Of(session),
            RunCommand.OfArrayTask(session),
        })
        {
            root.Add(command);
        }

        foreach (var help in root.Options.OfType<HelpOption>().Select(option => option.Action).OfType<HelpAction>())
            help.MaxWidth = environment.Width;

        // The program's name alone asks what it can do.
        root.SetAction(
            _ => root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = environment.Output, Error = environment.Error }));
        return root;
    }
}

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
