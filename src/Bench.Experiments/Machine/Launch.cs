using System.Globalization;
using Bench.Results;

namespace Bench.Experiments.Machine;

/// <summary>What a launcher says to a process that it starts as one of several ranks.</summary>
/// <param name="Rank">Its number, from 0.</param>
/// <param name="Count">How many there are.</param>
/// <param name="LocalRank">Its number among those of its machine.</param>
public sealed record Launch(int Rank, int Count, int LocalRank)
{
    private const string Remedy = "Start the ranks with Open MPI's mpirun, or with 'srun --mpi=pmix'.";

    // Each launcher's own: how many, which, which of this machine.
    private static readonly (string Count, string Rank, string LocalRank)
        Mpirun = ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK"),
        Srun = ("SLURM_STEP_NUM_TASKS", "PMIX_RANK", "SLURM_LOCALID"),
        Hydra = ("PMI_SIZE", "PMI_RANK", "MPI_LOCALRANKID");

    /// <summary>Whether a launcher has started a process, be it as the only rank.</summary>
    /// <param name="variable">As for <see cref="Of"/>.</param>
    public static bool IsLaunched(Func<string, string?> variable) =>
        variable(Mpirun.Count) is not null || (variable(Srun.Count) is not null && variable(Srun.Rank) is not null);

    /// <summary>Reads the environment of a process.</summary>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    /// <returns>Null for a process that was started by itself, or as the only rank.</returns>
    /// <exception cref="SuiteException">The variables are damaged, or those of a launcher that starts no ranks of Open MPI.</exception>
    public static Launch? Of(Func<string, string?> variable)
    {
        var (count, rank, localRank) = variable(Mpirun.Count) is not null ? Mpirun : Srun;
        if (variable(count) is not null && variable(rank) is not null)
        {
            var found = new Launch(Number(rank), Number(count), variable(localRank) is null ? 0 : Number(localRank));
            if (found.Rank >= found.Count)
                throw Damaged(rank, $"{found.Rank} of {found.Count} ranks, which are counted from 0");
            return found.Count > 1 ? found : null;
        }

        // Slurm has such variables, too, for tasks that need not be ranks.
        if (variable("SLURM_STEP_ID") is null && variable(Hydra.Count) is { } others and not "1" && variable(Hydra.Rank) is { } which)
        {
            throw new SuiteException(
                $"this process was started as rank {which} of {others} by an mpirun that is not Open MPI's ({Hydra.Count} is set)", Remedy);
        }

        return null;

        int Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw Damaged(name, $"'{variable(name)}', which is no number");
    }

    /// <summary>
    /// Whether a process is the first of its machine: the one to say what is wrong with all of them. It is where that cannot be read.
    /// </summary>
    /// <param name="variable">As for <see cref="Of"/>.</param>
    public static bool IsFirst(Func<string, string?> variable) =>
        !((string[])[Mpirun.LocalRank, Srun.LocalRank, Hydra.LocalRank, Hydra.Rank])
            .Any(name => variable(name) is { Length: > 0 } and not "0");

    private static SuiteException Damaged(string name, string what) => new($"the environment variable {name} is {what}", Remedy);
}
