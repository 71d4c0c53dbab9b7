using System.Runtime.InteropServices;
using Bench.Results;
using TorchSharp;

namespace Bench.Cli;

/// <summary>How what went wrong is told: what, where, what to do. A stack trace only to those who ask.</summary>
internal static class Failures
{
    /// <summary>Tells it and gives the exit code.</summary>
    public static int Tell(Exception failure, Surroundings here, bool verbose)
    {
        if (failure is OperationCanceledException && here.Stop.IsCancellationRequested)
        {
            here.Error.WriteLine("Interrupted.");
            return ExitCodes.Interrupted;
        }

        int code = failure is ProblemsException wrong ? Tell(wrong.Problems, here) : Tell(Explain(failure), here);
        if (verbose)
            here.Error.WriteLine(failure);
        return code;
    }

    private static int Tell(IReadOnlyCollection<Problem> problems, Surroundings here)
    {
        foreach (var problem in problems)
            here.Error.WriteLine(problem);
        here.Error.WriteLine($"{problems.Count} {(problems.Count == 1 ? "problem" : "problems")}; nothing was run.");
        return ExitCodes.BadInput;
    }

    private static int Tell((string What, string Fix) failure, Surroundings here)
    {
        here.Error.WriteLine($"bench: {OneLine(failure.What)}");
        here.Error.WriteLine($"    {OneLine(failure.Fix)}");
        return ExitCodes.Failure;
    }

    /// <summary>What went wrong, and what to do.</summary>
    public static (string What, string Fix) Explain(Exception failure) => failure switch
    {
        ProblemsException { Problems: [var first, ..] } => ($"{first.Where}: {first.What}", first.Fix),
        SuiteException known => (known.Message, known.Fix),
        DllNotFoundException missing => Split(missing.Message),
        ExternalException refused => (refused.Message, "If memory ran out, use a smaller batch or a shorter length; else run again with --verbose and report what it says."),
        UnauthorizedAccessException refused => (refused.Message, "Give this user the right, or name another folder."),
        IOException failed => (failed.Message, "Check the disk and the path; what was written before is unharmed."),
        _ => ($"{failure.GetType().Name}: {failure.Message}", "This is a fault of the suite: run the same command with --verbose and report what it says."),
    };

    // The engine's message is one line for programs that have one; its last sentence says what to do.
    private static (string What, string Fix) Split(string message)
    {
        int fix = message.IndexOf(" Run '", StringComparison.Ordinal);
        return fix < 0 ? (message, "Run 'make setup', then the same command again.") : (message[..fix], message[(fix + 1)..]);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
