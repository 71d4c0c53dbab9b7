using Bench.Kernels;
using Bench.Kernels.Loading;
using TorchSharp;

namespace Bench.Cli.Examination;

/// <summary>libtorch, and what it computes with.</summary>
internal static class EngineExamination
{
    private const string MoreMemory = "Raise the limit of memory (`ulimit -v`), or end other programs.";

    public static IEnumerable<Finding> All(string? problem)
    {
        if (problem is not null)
            return [new("libtorch", Verdict.Missing, problem, Engine.IsOutOfMemory(problem) ? MoreMemory : "make setup")];
        return [Finding.Ok("libtorch", $"{Engine.Version} in {Engine.Location}"), Loading(), Vectors(), Bf16(), Cuda(), Threads(), Kernels()];
    }

    private static Finding Loading() => Finding.Ok("loading", BindingCopy.Describe());

    private static Finding Vectors() => Engine.HasVectors
        ? Finding.Ok("vectors", Engine.HasWideVectors ? "AVX2 and AVX-512" : "AVX2")
        : new("vectors", Verdict.Weak, "the processor has no AVX2", "Nothing is wrong; everything takes several times as long.");

    private static Finding Bf16() => Engine.HasFastBf16
        ? Finding.Ok("bf16", "the processor multiplies bf16 numbers faster than float32")
        : new("bf16", Verdict.Weak, "the processor multiplies bf16 numbers no faster than float32, which is used", "Nothing is wrong; training takes longer than where it does.");

    private static Finding Cuda() => torch.cuda.is_available()
        ? Finding.Ok("CUDA", $"{torch.cuda.device_count()} devices, which networks do not use: the processor computes")
        : Finding.Ok("CUDA", "none; the processor computes");

    private static Finding Threads() => torch.get_num_threads() < Environment.ProcessorCount
        ? new("threads", Verdict.Weak, $"{torch.get_num_threads()} of {Environment.ProcessorCount} cores", "Unset OMP_NUM_THREADS, or give --threads.")
        : Finding.Ok("threads", $"{torch.get_num_threads()} for {Environment.ProcessorCount} cores");

    private static Finding Kernels() => (KernelSwitch.Problem, KernelSwitch.Used) switch
    {
        (var (what, fix), _) => new("kernels", Verdict.Missing, $"BENCH_FUSED: {what}", fix),
        _ when !FusedKernels.AreBuilt => new("kernels", Verdict.Weak, "absent: everything works on tensor operators, at about half the speed", "apt-get install g++ cmake, then build again."),
        (_, OwnKernels.All) => Finding.Ok("kernels", $"all of the suite's own, for {FusedKernels.InstructionSet}"),
        var (_, used) => new("kernels", Verdict.Weak, $"BENCH_FUSED leaves {KernelSwitch.Describe(used)} of the suite's own", "Unset it for all of them."),
    };
}
