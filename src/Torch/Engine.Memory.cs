using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class Engine
{
    /// <summary>Gives free memory of the native heap back to the system, so that what follows can be told from what was. It is slower for some steps.</summary>
    public static void ReleaseMemory() => _ = TrimHeap(0);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint pad);
}
