using System.Runtime.CompilerServices;
using Bench.Kernels;

namespace Bench;

/// <summary>Makes the settings that pay before anything of this library can load libtorch.</summary>
internal static class EngineSettings
{
#pragma warning disable CA2255 // They come too late everywhere else: callers of this library use TorchSharp through it or after it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Make() => Engine.Prepare();
}
