using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Stands in where the suite is compiled against TorchSharp's packages, which load libtorch by themselves and tell little of it.</summary>
public static partial class Engine
{
    private static readonly Lazy<string?> Failure = new(TryLoad);

    /// <summary>Why libtorch cannot be used; null when it can.</summary>
    public static string? Problem => Failure.Value;

    /// <summary>Nothing: TorchSharp does not pass on what libtorch says of itself.</summary>
    public static string Configuration => "";

    /// <summary>Where the libtorch in use lies: the folder of <c>libtorch_cpu.so</c>.</summary>
    public static string? Location => Problem is null && File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains("libtorch_cpu.so", StringComparison.Ordinal)) is { } line
        ? Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..])
        : null;

    /// <summary>Whether the processor multiplies bf16 numbers in hardware.</summary>
    public static bool HasFastBf16 { get; } = File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").Any(line => line.StartsWith("flags", StringComparison.Ordinal) && line.Contains("_bf16", StringComparison.Ordinal));

    /// <summary>Bytes in use on the native heap, tensors included.</summary>
    public static unsafe long HeapBytes
    {
        get
        {
            var info = HeapInfo();
            return (long)(info.Counts[InLargeBlocks] + info.Counts[InUse]);
        }
    }

    private const int InLargeBlocks = 4, InUse = 7, Fields = 10; // hblkhd and uordblks of mallinfo2

    private static string? TryLoad()
    {
        try
        {
            torch.set_num_threads(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null ? Environment.ProcessorCount : torch.get_num_threads());
            return null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException)
        {
            return $"TorchSharp cannot load libtorch: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}";
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo HeapInfo();

    private unsafe struct MallocInfo
    {
        public fixed ulong Counts[Fields];
    }
}
