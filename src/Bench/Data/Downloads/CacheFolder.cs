namespace Bench.Data.Downloads;

/// <summary>Where downloads and token files lie.</summary>
public static class CacheFolder
{
    /// <summary>$BENCH_CACHE, or else $XDG_CACHE_HOME/bench, or else ~/.cache/bench.</summary>
    public static string Default => Locate(Environment.GetEnvironmentVariable);

    /// <summary>The folder that an environment asks for.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    public static string Locate(Func<string, string?> environment)
    {
        if (environment("BENCH_CACHE") is { Length: > 0 } own)
            return Path.GetFullPath(own);
        // The XDG base directory specification says that a relative path is invalid and to be ignored.
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "bench");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "bench");
    }
}
