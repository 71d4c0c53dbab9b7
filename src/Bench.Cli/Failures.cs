using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Bench.Kernels;
using Bench.Results;

namespace Bench.Cli;

/// <summary>Reports failures: what, where, what to do. A stack trace only with --verbose.</summary>
internal static class Failures
{
    private const string MoreMemory =
        "Use a smaller batch, a shorter length or a narrower network, end other programs, or raise the limit (`ulimit -v`).";

    /// <summary>Reports it and gives the exit code, which is all that remains where standard error is closed.</summary>
    public static int Report(Exception failure, CliEnvironment environment, bool verbose)
    {
        bool isInterrupted = failure is OperationCanceledException && environment.Stop.IsCancellationRequested;
        try
        {
            if (isInterrupted)
                environment.Error.WriteLine("Interrupted.");
            else if (failure is ProblemsException wrong)
                Write(wrong, environment);
            else
                Write(Explain(failure), environment);
            if (verbose && !isInterrupted)
                environment.Error.WriteLine(failure);
        }
        catch (Exception unheard) when (Storage.Explain(unheard) is not null)
        {
            // The exit code says it.
        }

        return isInterrupted ? ExitCodes.Interrupted : (failure as ProblemsException)?.Code ?? ExitCodes.Failure;
    }

    private static void Write(ProblemsException wrong, CliEnvironment environment)
    {
        foreach (var problem in wrong.Problems)
            environment.Error.WriteLine(problem);
        environment.Error.WriteLine($"{wrong.Problems.Length} {(wrong.Problems.Length == 1 ? "problem" : "problems")}; {wrong.Outcome}.");
    }

    private static void Write((string What, string Fix) failure, CliEnvironment environment)
    {
        environment.Error.WriteLine($"bench: {OneLine(failure.What)}");
        environment.Error.WriteLine($"    {OneLine(failure.Fix)}");
    }

    /// <summary>What went wrong, and what to do.</summary>
    public static (string What, string Fix) Explain(Exception failure) => failure switch
    {
        ProblemsException { Problems: [var first, ..] } => ($"{first.Where}: {first.What}", first.Fix),
        SuiteException known => (known.Message, known.Fix),
        DllNotFoundException missing => Split(missing),
        _ when Engine.IsOutOfMemory(failure) => ($"Memory ran out: {failure.Message}", MoreMemory),
        ExternalException refused => (refused.Message, "Run the same command again with --verbose and report what it says."),
        // Of a path that counts from it; the system says no name then.
        FileNotFoundException { FileName: null } => (
            "The folder that the program was started in is not there any more.",
            "Change to another folder, then run the same command again."),
        _ when Storage.Explain(failure) is { } stopped => stopped,
        _ => ($"{failure.GetType().Name}: {failure.Message}", "This is a fault of the suite: run the same command with --verbose and report what it says."),
    };

    // The engine's message is one line for programs that have one; its last sentence says what to do.
    private static (string What, string Fix) Split(DllNotFoundException missing)
    {
        string message = missing.Message;
        int fix = message.IndexOf(" Run '", StringComparison.Ordinal);
        return fix >= 0
            ? (message[..fix], message[(fix + 1)..])
            : (message, Engine.IsOutOfMemory(missing) ? MoreMemory : "Run 'make setup', then the same command again.");
    }

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The input is wrong, in all of these ways.</summary>
internal sealed class ProblemsException(params ImmutableArray<Problem> problems) : Exception($"{problems.Length} problems")
{
    public ImmutableArray<Problem> Problems { get; } = problems;

    /// <summary>What did not come about, for the last line.</summary>
    public string Outcome { get; init; } = "nothing was run";

    /// <summary>One of <see cref="ExitCodes"/>: another one where runs went before.</summary>
    public int Code { get; init; } = ExitCodes.BadInput;
}

/// <summary>Exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something went wrong while working; what had been written is kept.</summary>
    public const int Failure = 1;

    /// <summary>The input is wrong; nothing was run and nothing written.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
