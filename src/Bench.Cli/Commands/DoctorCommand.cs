using System.CommandLine;
using Bench.Cli.Doctor;
using Spectre.Console;

namespace Bench.Cli.Commands;

/// <summary><c>bench doctor</c>: what the suite found on this machine, and what to do about what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var command = new Command("doctor", "Show what was found on this machine: SDK, libtorch, threads, corpus, disk");
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            if (session.Here.EngineProblem() is null)
                session.LoadLibrary(); // With as many threads as asked for.
            var findings = Examiner.Examine(session).ToList();
            FindingList.Write(session.Here, findings);
            return findings.Exists(finding => finding.Verdict == Verdict.Missing) ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }
}

/// <summary>Prints findings, each with its fix below it.</summary>
internal static class FindingList
{
    public static void Write(CliEnvironment environment, IReadOnlyList<Finding> findings)
    {
        var console = environment.Draw();
        int width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var (word, colour) = finding.Verdict switch
            {
                Verdict.Ok => ("ok", Color.Green),
                Verdict.Weak => ("note", Color.Yellow),
                _ => ("MISSING", Color.Red),
            };
            Write(environment, console, word.PadRight(8), colour);
            environment.Output.WriteLine($"{finding.Name.PadRight(width)}  {finding.Found}");
            if (finding.Fix is { } fix)
                environment.Output.WriteLine($"{new string(' ', 10 + width)}→ {fix}");
        }

        int missing = findings.Count(finding => finding.Verdict == Verdict.Missing);
        environment.Output.WriteLine(
            missing == 0 ? "Everything that is needed is here."
                : $"{missing} of {findings.Count} are missing: 'make setup' installs what it can.");
    }

    private static void Write(CliEnvironment environment, IAnsiConsole console, string word, Color colour)
    {
        if (environment.IsTerminal)
            console.Write(new Text(word, new Style(colour)));
        else
            environment.Output.Write(word);
    }
}
