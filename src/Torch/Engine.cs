using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>The native library: found, loaded with settings that pay, and described. Only the own binding has this type.</summary>
public static partial class Engine
{
    private const string HowToInstall = "Run 'apt-get install libtorch-dev' (or set LIBTORCH to the folder of a PyTorch install's torch package), then build again.";

    private static readonly Lazy<string?> Failure = new(TryLoad);

    /// <summary>Why libtorch cannot be used, in one line with what to do; null when it can.</summary>
    public static string? Problem => Failure.Value;

    /// <summary>Version, build settings and capabilities of the libtorch in use, as libtorch states them.</summary>
    public static unsafe string Configuration => Problem ?? Library.Text(Library.bt_torch_config());

    /// <summary>Where the libtorch in use lies: the folder of <c>libtorch_cpu.so</c>.</summary>
    public static string? Location { get; private set; }

    /// <summary>Whether the processor multiplies bf16 numbers in hardware.</summary>
    public static bool HasFastBf16 => Problem is null && Library.bt_has_fast_bf16() != 0;

    /// <summary>Bytes in use on the native heap, tensors included.</summary>
    public static long HeapBytes => Problem is null ? Library.bt_heap_bytes() : 0;

    /// <summary>Loads the library or throws <see cref="DllNotFoundException"/> with what to do.</summary>
    public static void Load()
    {
        if (Problem is { } problem)
            throw new DllNotFoundException(problem);
    }

    private static string? TryLoad()
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"lib{Library.Name}.so");
        if (!File.Exists(path))
            return $"libbench_torch.so was not built, because no libtorch was found. {HowToInstall}";
        // libgomp reads these once, when it is loaded; they must stand in the C environment, which .NET's own call does not touch.
        // A waiting thread looks for work for some microseconds and then sleeps. At once asleep, it is woken too late for the next of many
        // short operators (1.2 to 1.4 times on small training steps); spinning on, it takes the core from whoever else has work.
        _ = SetEnvironment("GOMP_SPINCOUNT", "10000", 0);
        try
        {
            var handle = NativeLibrary.Load(path);
            NativeLibrary.SetDllImportResolver(typeof(Engine).Assembly, (name, _, _) => name == Library.Name ? handle : 0);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return Explain(failure.Message);
        }

        Location = LoadedFrom("libtorch_cpu.so");
        // libtorch counts physical cores; on shared machines those are half of what the process may use.
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
            Library.Check(Library.bt_set_threads(Environment.ProcessorCount));
        return null;
    }

    // The runtime's message has general advice first, then a line of the loader for each name that was tried.
    private static string Explain(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var symbol = lines.FirstOrDefault(line => line.Contains("undefined symbol", StringComparison.Ordinal));
        if (symbol is not null)
            return $"libbench_torch.so was compiled against another libtorch than the one that is loaded ({symbol}). {HowToInstall}";
        var reason = lines.Skip(1).FirstOrDefault(line => line.Contains(".so", StringComparison.Ordinal)) ?? lines[0];
        return $"libtorch could not be loaded: {reason}. {HowToInstall}";
    }

    private static string? LoadedFrom(string library) =>
        File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains(library, StringComparison.Ordinal)) is { } line
            ? Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..])
            : null;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
