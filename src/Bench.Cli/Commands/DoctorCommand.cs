using System.CommandLine;
using Bench.Cli.Doctor;

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
                session.LoadEngine(); // With as many threads as asked for.
            var findings = Examiner.Examine(session).ToList();
            FindingList.Write(session.Here, findings);
            return findings.Exists(finding => finding.Verdict == Verdict.Missing) ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }
}
