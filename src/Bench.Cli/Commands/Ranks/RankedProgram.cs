using Bench.Data;
using Bench.Experiments.Machine;
using Bench.Experiments.Running;
using Bench.Kernels.Ranks;
using Bench.Results;

namespace Bench.Cli.Commands.Ranks;

/// <summary>
/// The program as it is started: by itself, or by <c>mpirun</c> or <c>srun</c> as one of several ranks. Rank 0 does what the command line
/// says; the others join the trainings that come up in it, whatever the command.
/// </summary>
internal static class RankedProgram
{
    /// <summary>
    /// Before anything is written: what mpirun gives a rank for an output is a terminal to the runtime, which would greet it with control
    /// sequences, though mpirun hands on what is written to wherever its own output goes.
    /// </summary>
    /// <param name="variable">The environment's variables; null where one is not set.</param>
    public static void LeaveTerminal(Func<string, string?> variable)
    {
        if (Launch.IsLaunched(variable))
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The command line, the same for all ranks.</param>
    /// <param name="environment">The process.</param>
    /// <param name="variable">The environment's variables; null where one is not set.</param>
    /// <returns>One of <see cref="ExitCodes"/>; 0 for a rank that is not the first.</returns>
    public static int Run(IReadOnlyList<string> arguments, CliEnvironment environment, Func<string, string?> variable)
    {
        try
        {
            return Launch.Of(variable) is { } launch ? Run(arguments, environment, launch) : Application.Run(arguments, environment);
        }
        catch (SuiteException refused)
        {
            // All ranks say the same.
            return Launch.IsFirst(variable) ? Failures.Report(refused, environment, verbose: false) : ExitCodes.Failure;
        }
    }

    private static int Run(IReadOnlyList<string> arguments, CliEnvironment environment, Launch launch)
    {
        if (OpenMpiRanks.Problem is var (what, fix))
            throw new SuiteException($"this process was started as one of {launch.Count} ranks, but {what}", fix);
        using var ranks = OpenMpiRanks.Begin();
        if ((ranks.Rank, ranks.Count) != (launch.Rank, launch.Count))
        {
            throw new SuiteException(
                $"the launcher started rank {launch.Rank} of {launch.Count}, but {OpenMpiRanks.Version} takes it for rank {ranks.Rank} of "
                    + $"{ranks.Count}",
                "The launcher and the library are of different installations: use the mpirun of that Open MPI, or 'srun --mpi=pmix'.");
        }

        return ranks.Rank == 0 ? Lead(arguments, environment, ranks) : Follow(environment, ranks, launch);
    }

    private static int Lead(IReadOnlyList<string> arguments, CliEnvironment environment, OpenMpiRanks ranks)
    {
        // Another rank may be the one that is asked to stop.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(environment.Stop);
        var leader = new RankLeader(ranks, stop.Cancel);
        int code = Application.Run(arguments, environment with
        {
            Stop = stop.Token,
            Ranks = leader,
            OwnThreads = ranks.Threads,
        });
        if (leader.IsBroken)
            ranks.Abort(code);
        else
            leader.End();
        return code;
    }

    private static int Follow(CliEnvironment environment, OpenMpiRanks ranks, Launch launch)
    {
        // Asked to stop, it goes on until rank 0 has ended: that one has a checkpoint to write.
        using var saving = environment.Save();
        try
        {
            var library = new DataLibrary(environment.CacheFolder, _ => { }, environment.Npm, CancellationToken.None);
            new RankFollower(ranks, library, launch.LocalRank, ranks.Threads).Follow(environment.Stop);
        }
        catch (Exception failure)
        {
            var (what, fix) = Failures.Explain(failure);
            Failures.Report(
                new SuiteException($"rank {ranks.Rank} of {ranks.Count} on {Environment.MachineName} cannot go on: {what}", fix, failure),
                environment, verbose: false);
            environment.Error.Flush();
            ranks.Abort(ExitCodes.Failure);
        }

        return ExitCodes.Success;
    }
}
