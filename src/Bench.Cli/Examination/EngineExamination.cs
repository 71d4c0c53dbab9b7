using Bench.Kernels;
using TorchSharp;

namespace Bench.Cli.Examination;

/// <summary>libtorch, and what it computes with.</summary>
internal static class EngineExamination
{
    private const string Maps = "/proc/self/maps";

    public static IEnumerable<Finding> All(string? problem)
    {
        if (problem is not null)
            return [new("libtorch", Verdict.Missing, problem, "make setup")];
        return [Finding.Ok("libtorch", $"{torch.__version__} in {Engine.Location ?? "an unknown folder"}"), Blas(), Bf16(), Cuda(), Threads(), Kernels()];
    }

    // libtorch calls whichever BLAS the system's alternatives point to; only the process's own map says which that is.
    private static Finding Blas()
    {
        string? path = LoadedLibrary("mkl") ?? LoadedLibrary("openblas") ?? LoadedLibrary("/libblas.so");
        if (path is null)
            return Finding.Ok("BLAS", "built into libtorch");
        bool slow = !path.Contains("openblas", StringComparison.Ordinal) && !path.Contains("mkl", StringComparison.Ordinal) && !path.Contains("blis", StringComparison.Ordinal)
            && !path.Contains("atlas", StringComparison.Ordinal);
        return slow
            ? new("BLAS", Verdict.Weak, $"{path}: the reference BLAS, many times slower than an optimised one", "apt-get install libopenblas0-openmp")
            : Finding.Ok("BLAS", path);
    }

    private static Finding Bf16() => Engine.HasFastBf16
        ? Finding.Ok("bf16", "the processor multiplies bf16 numbers")
        : new("bf16", Verdict.Weak, "the processor has no bf16 products; float32 is used", "Nothing is wrong; training takes about twice as long.");

    private static Finding Cuda() => torch.cuda.is_available()
        ? Finding.Ok("CUDA", $"{torch.cuda.device_count()} devices, which networks do not use: the processor computes")
        : Finding.Ok("CUDA", "none; the processor computes");

    private static Finding Threads() => torch.get_num_threads() < Environment.ProcessorCount
        ? new("threads", Verdict.Weak, $"{torch.get_num_threads()} of {Environment.ProcessorCount} cores", "Unset OMP_NUM_THREADS, or give --threads.")
        : Finding.Ok("threads", $"{torch.get_num_threads()} for {Environment.ProcessorCount} cores");

    private static Finding Kernels() => (KernelSwitch.Problem, KernelSwitch.Used) switch
    {
        (var (what, fix), _) => new("kernels", Verdict.Missing, $"BENCH_FUSED: {what}", fix),
        _ when FusedKernels.InstructionSet == FusedKernels.NoSet => new("kernels", Verdict.Weak, "none of the suite's own: TorchSharp has tensor operators alone", "Build without -p:UseTorchSharp=true for them."),
        (_, OwnKernels.All) => Finding.Ok("kernels", FusedKernels.Usable == OwnKernels.All ? "all of the suite's own" : "all of the suite's own but products, which are libtorch's: it has MKL, or no oneDNN that can be called"),
        var (_, used) => new("kernels", Verdict.Weak, $"BENCH_FUSED leaves {KernelSwitch.Describe(used)} of the suite's own", "Unset it for all of them."),
    };

    private static string? LoadedLibrary(string name) => File.Exists(Maps) && File.ReadLines(Maps).FirstOrDefault(line => Path.GetFileName(line).Length > 0 && line.Contains(name, StringComparison.Ordinal)) is { } line
        ? line[line.IndexOf('/', StringComparison.Ordinal)..]
        : null;
}
