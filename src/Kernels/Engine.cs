using System.Runtime.InteropServices;
using TorchSharp;

namespace Bench.Kernels;

/// <summary>
/// TorchSharp's libtorch in this process: settings that have to be made before it is loaded, whether it loads, and what it is.
/// </summary>
public static partial class Engine
{
    private const string LibTorch = "libtorch_cpu.so", Binding = "libLibTorchSharp.so", ThreadsVariable = "OMP_NUM_THREADS",
        Maps = "/proc/self/maps";

    // What the allocators of libtorch, C++ and the loader say, each its own way.
    private static readonly string[] OutOfMemory =
        ["out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "bad_alloc", "failed to map segment"];

    private static readonly Lazy<string?> Failure = new(TryLoad);

    /// <summary>Why libtorch cannot be used, in one line with what to do; null when it can.</summary>
    public static string? Problem => Failure.Value;

    /// <summary>Versions of the packages: TorchSharp's and libtorch's.</summary>
    public static string Version => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}";

    /// <summary>Where the libtorch in use lies: the folder of <c>libtorch_cpu.so</c>.</summary>
    public static string? Location { get; private set; }

    /// <summary>
    /// Whether the processor multiplies bf16 numbers faster than those of float32: with AMX, or with AVX512_BF16 as AMD builds it. Intel's
    /// works at half the speed of float32.
    /// </summary>
    public static bool HasFastBf16 { get; } = ProcessorHas("amx_bf16") || (ProcessorHas("avx512_bf16") && ProcessorIs("AuthenticAMD"));

    /// <summary>Whether the processor has the vector instructions that libtorch and the kernels are at their best with.</summary>
    public static bool HasVectors { get; } = ProcessorHas("avx2");

    /// <summary>Whether it has those of 512 bits.</summary>
    public static bool HasWideVectors { get; } = ProcessorHas("avx512f");

    /// <summary>Whether libtorch's MKL leaves half of a vector unused: its kernels of 512 bits are for Intel's processors alone.</summary>
    public static bool HasNarrowProducts { get; } = HasWideVectors && !ProcessorIs("GenuineIntel");

    /// <summary>Bytes in use on the native heap, tensors included.</summary>
    public static unsafe long HeapBytes
    {
        get
        {
            var info = HeapInfo();
            return (long)(info.Counts[MallocInfo.InLargeBlocks] + info.Counts[MallocInfo.InUse]);
        }
    }

    /// <summary>Settings of the process that pay. They have to be made before libtorch is loaded; later calls change nothing.</summary>
    public static void Prepare()
    {
        const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, ArenaMax = -8; // malloc.h
        // Tensors of a training step are freed and asked for again some hundred times a second. With glibc's defaults each large block goes
        // back to the kernel and returns as zeroed pages: up to half a million page faults a step. Keeping them costs nothing but the peak
        // that was needed anyway. One arena, because a block above 64 MiB does not fit into a thread's arena and would be mapped anew each
        // time.
        _ = MallocOption(ArenaMax, 1);
        _ = MallocOption(MmapThreshold, 1 << 30);
        _ = MallocOption(TrimThreshold, -1); // never: the largest int is 2 GiB, which a larger network frees at the end of a step
        _ = MallocOption(TopPad, 64 << 20);
        // libgomp reads this once, when it is loaded; it must stand in the C environment, which .NET's own call does not touch.
        // A waiting thread looks for work for some microseconds and then sleeps. At once asleep, it is woken too late for the next of many
        // short operators (1.2 to 1.4 times on small training steps); spinning on, it takes the core from other processes.
        _ = SetEnvironment("GOMP_SPINCOUNT", "10000", overwrite: 0);
    }

    /// <summary>Loads libtorch or throws <see cref="DllNotFoundException"/> with what to do.</summary>
    public static void Load()
    {
        if (Problem is { } problem)
            throw new DllNotFoundException(problem);
    }

    /// <summary>Whether an exception says that memory ran out.</summary>
    public static bool IsOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException or DllNotFoundException && IsOutOfMemory(failure.Message));

    /// <summary>Whether a message says so. What the loader maps may also be refused where files must not be executed.</summary>
    public static bool IsOutOfMemory(string message) =>
        OutOfMemory.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase))
        && !message.Contains("not permitted", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Gives free memory of the native heap back to the system, so that what follows can be measured by itself. It is slower for some
    /// steps.
    /// </summary>
    public static void ReleaseMemory() => _ = TrimHeap(0);

    private static string? TryLoad()
    {
        Prepare();
        // The loader would go on to look in the system's folders, where another libtorch may lie.
        if (((string[])[Binding, LibTorch]).FirstOrDefault(file => !File.Exists(Path.Combine(AppContext.BaseDirectory, file)))
            is { } missing)
            return $"{missing} is not in {AppContext.BaseDirectory}: TorchSharp's packages are not whole. Run 'dotnet restore --force " +
                "--no-cache', then build again.";
        try
        {
            // By hand first: TorchSharp's own message does not pass on what the loader said.
            NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, Binding));
            // libtorch counts physical cores; on shared machines those are half of what the process may use.
            torch.set_num_threads(
                Environment.GetEnvironmentVariable(ThreadsVariable) is null ? Environment.ProcessorCount : torch.get_num_threads());
        }
        catch (Exception failure)
            when (failure is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException
                or EntryPointNotFoundException)
        {
            return Explain(failure.GetBaseException().Message);
        }

        Location = File.Exists(Maps)
            && File.ReadLines(Maps).FirstOrDefault(line => line.Contains(LibTorch, StringComparison.Ordinal)) is { } line
            ? Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..])
            : AppContext.BaseDirectory;
        return null;
    }

    /// <summary>What the loader said, in one line with what to do.</summary>
    /// <param name="message">The runtime's: general advice first, then a line of the loader for each name that was tried.</param>
    internal static string Explain(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? version = lines.FirstOrDefault(line => line.Contains("GLIBC", StringComparison.Ordinal));
        string reason =
            (version ?? lines.FirstOrDefault(line => line.Contains(".so: ", StringComparison.Ordinal)) ?? lines[0]).TrimEnd('.');
        string fix = IsOutOfMemory(message) ? "Run 'ulimit -v unlimited', or end other programs, then try again."
            : version is null ? "Run 'dotnet restore --force --no-cache', then build again."
            : "Build again on this machine ('make clean build'), which makes a copy that loads here, or use a newer distribution.";
        return $"TorchSharp's native library does not load: {reason}. {fix}";
    }

    private static bool ProcessorHas(string flag) => Processor("flags").Contains(flag);

    private static bool ProcessorIs(string vendor) => Processor("vendor_id").Contains(vendor);

    private static string[] Processor(string entry) =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith(entry, StringComparison.Ordinal)) is { } line ? line.Split(' ', '\t') : [];

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo HeapInfo();

    // struct mallinfo2
    private unsafe struct MallocInfo
    {
        public const int InLargeBlocks = 4, InUse = 7; // hblkhd, uordblks

        private const int Fields = 10;

        public fixed ulong Counts[Fields];
    }
}
