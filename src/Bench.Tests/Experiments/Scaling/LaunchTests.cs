using Bench.Experiments.Machine;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Experiments.Scaling;

/// <summary>The variables by which launchers say to a process which rank it is.</summary>
public sealed class LaunchTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_RANK=0", 2, 4, 0)]
    [InlineData("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_LOCAL_RANK=1 SLURM_STEP_NUM_TASKS=1 PMIX_RANK=1", 1, 2, 1)]
    [InlineData("SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=8 PMIX_RANK=5 SLURM_LOCALID=1", 5, 8, 1)]
    [InlineData("SLURM_STEP_NUM_TASKS=8 PMIX_RANK=5", 5, 8, 0)]
    public void Ranks_are_found(string variables, int rank, int count, int localRank) =>
        Assert.Equal(new Launch(rank, count, localRank), Launch.Of(In(variables)));

    // By itself; the only rank; a batch script that starts the program without srun; tasks of srun that are no ranks.
    [Theory]
    [InlineData("")]
    [InlineData("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_LOCAL_RANK=0")]
    [InlineData("SLURM_NTASKS=4 SLURM_PROCID=0 SLURM_LOCALID=0")]
    [InlineData("SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=3 PMI_SIZE=4 PMI_RANK=3")]
    [InlineData("SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=1 PMIX_RANK=0")]
    [InlineData("PMI_SIZE=1 PMI_RANK=0")]
    public void A_process_of_its_own_is_no_rank(string variables) => Assert.Null(Launch.Of(In(variables)));

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=two OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE is 'two'")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=-1", "OMPI_COMM_WORLD_RANK is '-1'")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=2", "OMPI_COMM_WORLD_RANK is 2 of 2 ranks")]
    [InlineData("OMPI_COMM_WORLD_SIZE=99999999999 OMPI_COMM_WORLD_RANK=0", "'99999999999'")]
    [InlineData("PMI_SIZE=2 PMI_RANK=1", "an mpirun that is not Open MPI's")]
    public void Damaged_variables_and_other_launchers_are_refused(string variables, string words)
    {
        var refused = Assert.Throws<SuiteException>(() => Launch.Of(In(variables)));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains("mpirun", refused.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("OMPI_COMM_WORLD_LOCAL_RANK=0", true)]
    [InlineData("OMPI_COMM_WORLD_LOCAL_RANK=1", false)]
    [InlineData("SLURM_LOCALID=3", false)]
    [InlineData("PMI_RANK=1", false)]
    public void One_rank_of_a_machine_speaks_for_all(string variables, bool isFirst) =>
        Assert.Equal(isFirst, Launch.IsFirst(In(variables)));

    private static Func<string, string?> In(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('='))
            .ToDictionary(one => one[0], one => one[1]);
        return name => set.GetValueOrDefault(name);
    }
}
