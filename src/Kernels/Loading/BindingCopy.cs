namespace Bench.Kernels.Loading;

/// <summary>The copy of TorchSharp's native library beside the program: as it is in its package, or made loadable by the build.</summary>
public static class BindingCopy
{
    private const string File = "libLibTorchSharp.so", Runtime = "libstdc++.so.6", Version = "GLIBCXX_3.4.32";

    /// <summary>What the build did to it, in words.</summary>
    public static string Describe()
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
