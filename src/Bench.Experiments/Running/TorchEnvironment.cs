using Bench.Kernels;
using Bench.Results;
using Bench.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Experiments.Running;

/// <summary>The tensor engine of this process. All that only the own binding can tell is asked for here.</summary>
internal static class TorchEnvironment
{
    // What the allocators of libtorch say, each in its own words.
    private static readonly string[] OutOfMemory = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>Where networks are.</summary>
    public static Device Device => CPU;

    /// <summary>Checks that there is a tensor engine.</summary>
    /// <exception cref="SuiteException">There is none.</exception>
    public static void Require()
    {
        if (Engine.Problem is { } problem)
            throw new SuiteException(problem, "`bench doctor` shows what was found.");
    }

    /// <summary>The type that products are computed in here: float32 stands in where the processor has no bf16.</summary>
    public static Precision Usable(Precision asked) => asked == Precision.BFloat16 && !Engine.HasFastBf16 ? Precision.Float32 : asked;

    /// <summary>What environment.json says of a run whose products are of this type.</summary>
    public static ComputeEngine Describe(Precision used) =>
        new($"{__version__} ({string.Join("; ", Libraries())})", $"{Device}, {PrecisionNames.Of(used)} products, {Kernels()}", get_num_threads());

    /// <summary>Whether an exception says that memory ran out.</summary>
    public static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException
        || (failure is TorchException && OutOfMemory.Any(text => failure.Message.Contains(text, StringComparison.OrdinalIgnoreCase)));

    private static string Kernels() => (KernelSwitch.Used & FusedKernels.Usable) switch
    {
        OwnKernels.None => "no own kernels",
        OwnKernels.All => $"{FusedKernels.InstructionSet} kernels",
        var used => $"{FusedKernels.InstructionSet} kernels {KernelSwitch.Describe(used)}",
    };

    // A line such as "  - Intel(R) MKL-DNN v2.6.0 (Git Hash N/A)"; and since distributions link a generic BLAS and choose one at run time, what is really loaded.
    private static IEnumerable<string> Libraries()
    {
        if (Engine.Configuration.Split('\n').FirstOrDefault(line => line.Contains("DNN v", StringComparison.Ordinal)) is { } dnn)
            yield return dnn.Trim(' ', '-').Split(" (Git")[0];
        const string Maps = "/proc/self/maps";
        string? blas = File.Exists(Maps) ? File.ReadLines(Maps).FirstOrDefault(IsBlas) : null;
        if (blas is not null)
            yield return string.Join('/', blas.Split('/')[^2..]);
    }

    private static bool IsBlas(string mapping) =>
        Path.GetFileName(mapping) is var name && (name.Contains("blas", StringComparison.Ordinal) || name.Contains("mkl_", StringComparison.Ordinal));
}
