namespace Bench.Kernels.Loading;

/// <summary>
/// TorchSharp beside the program: its native library and its assembly, as they are in their package or in the copies that the build makes
/// of them.
/// </summary>
public static class BindingCopy
{
    private const string Assembly = "TorchSharp.dll", File = "libLibTorchSharp.so", Runtime = "libstdc++.so.6", Version = "GLIBCXX_3.4.32";

    /// <summary>What the build did to both, as text.</summary>
    public static string Describe() => $"{NativeLibrary()}; {Assembly} {(HasKeptArguments
        ? "in a copy whose methods keep their arguments until they return"
        : "as it is in its package, whose methods may let go of a number while libtorch reads it")}";

    private static bool HasKeptArguments =>
        System.IO.File.Exists(AssemblyPath) && ArgumentLifetimes.AreKept(System.IO.File.ReadAllBytes(AssemblyPath));

    private static string AssemblyPath => Path.Combine(AppContext.BaseDirectory, Assembly);

    private static string NativeLibrary()
    {
        string path = Path.Combine(AppContext.BaseDirectory, File);
        if (!System.IO.File.Exists(path))
            return $"{File} is not beside the program";
        try
        {
            var needs = new VersionNeeds(System.IO.File.ReadAllBytes(path));
            return (needs.Of(Runtime).Contains(Version), needs.OfWeak(Runtime).Contains(Version)) switch
            {
                (true, _) => $"{File} as it is in its package",
                (_, true) => $"{File} in a copy that does without {Version}, which this system's {Runtime} lacks and nothing uses",
                _ => $"{File} as it is in its package, which needs no {Version}: the build had nothing to do",
            };
        }
        catch (InvalidDataException damaged)
        {
            return $"{File} cannot be read: {damaged.Message}";
        }
    }
}
