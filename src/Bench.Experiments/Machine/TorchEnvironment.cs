using Bench.Experiments.Definitions;
using Bench.Kernels;
using Bench.Results;
using Bench.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Experiments.Machine;

/// <summary>The tensor engine of this process.</summary>
internal static class TorchEnvironment
{
    private static Device? device;

    /// <summary>Where networks are; the CPU until <see cref="DeviceChoice.Use"/> says otherwise.</summary>
    public static Device Device { get => device ?? CPU; internal set => device = value; }

    private static bool IsOnCpu => device is null || device.type == DeviceType.CPU;

    /// <summary>Checks that there is a tensor engine.</summary>
    /// <exception cref="SuiteException">There is none.</exception>
    public static void Require()
    {
        if (Engine.Problem is { } problem)
            throw new SuiteException(problem, "`bench doctor` shows what was found.");
    }

    /// <summary>The type that products are computed in here: float32 stands in where the processor has no fast bf16.</summary>
    public static Precision Usable(Precision asked) =>
        asked == Precision.BFloat16 && IsOnCpu && !Engine.HasFastBf16 ? Precision.Float32 : asked;

    /// <summary>The same as a type of tensors.</summary>
    public static ScalarType ProductType(Precision asked) => Usable(asked) == Precision.BFloat16 ? bfloat16 : float32;

    /// <summary>What environment.json says of a run that is trained so.</summary>
    /// <param name="plan">The training.</param>
    /// <param name="ranks">Processes that share each batch.</param>
    public static ComputeEngine Describe(TrainingPlan plan, int ranks = 1)
    {
        var engine = Describe(plan.Precision);
        string parts = plan.RowsAtOnce < plan.BatchSize ? $", micro-batches of {plan.RowsAtOnce}" : "";
        return engine with { Device = $"{engine.Device}{parts}{(ranks > 1 ? $", {ranks} ranks" : "")}" };
    }

    /// <summary>What environment.json says of a run whose products are of this type.</summary>
    public static ComputeEngine Describe(Precision used) =>
        new(Engine.Version, $"{Device}, {PrecisionNames.Of(used)} products, {Kernels()}", get_num_threads());

    private static string Kernels() => !IsOnCpu ? "libtorch's kernels" : (KernelSwitch.Used & FusedKernels.Usable) switch
    {
        OwnKernels.None => "no own kernels",
        OwnKernels.All => $"{FusedKernels.InstructionSet} kernels",
        var used => $"{FusedKernels.InstructionSet} kernels {KernelSwitch.Describe(used)}",
    };
}

/// <summary>What computes a run, for <c>environment.json</c>.</summary>
/// <param name="Libtorch">Version and libraries of the tensor engine, or "none".</param>
/// <param name="Device">The device and the type of its products.</param>
/// <param name="Threads">Threads that compute.</param>
internal sealed record ComputeEngine(string Libtorch, string Device, int Threads)
{
    /// <summary>C# on one core.</summary>
    public static ComputeEngine Managed { get; } = new("none", "cpu", 1);
}
