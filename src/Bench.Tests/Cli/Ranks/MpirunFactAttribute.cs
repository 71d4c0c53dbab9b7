using System.ComponentModel;
using System.Diagnostics;
using Bench.Kernels.Ranks;
using Xunit;

namespace Bench.Tests.Cli.Ranks;

/// <summary>A test that starts several ranks; skipped where there is no Open MPI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpirunFactAttribute : FactAttribute
{
    public MpirunFactAttribute() => Skip = Mpirun.Missing;
}

/// <summary>The same with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpirunTheoryAttribute : TheoryAttribute
{
    public MpirunTheoryAttribute() => Skip = Mpirun.Missing;
}

/// <summary>The launcher of ranks.</summary>
internal static class Mpirun
{
    // Root has to say that it is meant twice. Shared memory without the call that containers forbid.
    private static readonly string[] Settings =
    [
        "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_btl_vader_single_copy_mechanism=none",
        "OMPI_MCA_mpi_yield_when_idle=1",
    ];

    /// <summary>Why no ranks can be started here; null where they can.</summary>
    public static string? Missing { get; } = OpenMpiRanks.Problem is var (what, _) ? what : NoProgram();

    /// <summary>The program on so many ranks.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="arguments">The command.</param>
    public static BenchProcess Start(string folder, int ranks, params string[] arguments) => Start(folder, ranks, [], arguments);

    /// <summary>The same, each rank started by another command.</summary>
    public static BenchProcess Start(string folder, int ranks, string[] starter, string[] arguments) => new(
        folder, programs: null, arguments,
        launcher: [.. Settings, "mpirun", "--oversubscribe", "--bind-to", "none", "-n", $"{ranks}", .. starter]);

    private static string? NoProgram()
    {
        try
        {
            using var asked = Process.Start(
                new ProcessStartInfo("mpirun", ["--version"])
                {
                    RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                })!;
            string said = asked.StandardOutput.ReadToEnd();
            asked.WaitForExit();
            return said.Contains("Open MPI", StringComparison.Ordinal) ? null : "The mpirun on the path is not Open MPI's.";
        }
        catch (Win32Exception)
        {
            return "There is no mpirun.";
        }
    }
}
