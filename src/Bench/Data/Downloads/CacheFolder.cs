using Bench.Results;

namespace Bench.Data.Downloads;

/// <summary>Where downloads and token files lie.</summary>
public static class CacheFolder
{
    private const string Advice = "Set BENCH_CACHE to a folder for downloads and token files that can be written.";

    /// <summary>$BENCH_CACHE, or else $XDG_CACHE_HOME/bench, or else ~/.cache/bench.</summary>
    /// <exception cref="SuiteException">None of these is set, or the home folder does not exist.</exception>
    public static string Default => Locate(Environment.GetEnvironmentVariable);

    /// <summary>The folder that an environment asks for.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="SuiteException">It asks for none, or for one in a home folder that does not exist.</exception>
    public static string Locate(Func<string, string?> environment)
    {
        if (environment("BENCH_CACHE") is { Length: > 0 } own)
            return Path.GetFullPath(own);
        // The XDG base directory specification says that a relative path is invalid and to be ignored.
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "bench");
        string home = environment(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? "";
        // Neither the working folder nor a home made by us: both would keep gigabytes where users do not look for them.
        if (!Path.IsPathRooted(home))
            throw new SuiteException("there is no folder for the cache: neither BENCH_CACHE nor XDG_CACHE_HOME nor HOME is set", Advice);
        return Directory.Exists(home)
            ? Path.Combine(home, ".cache", "bench")
            : throw new SuiteException($"there is no folder for the cache: the home folder {home} does not exist", Advice);
    }

    /// <summary>Does something in a cache folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What is done.</param>
    /// <exception cref="SuiteException">The file system refused.</exception>
    internal static T Use<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            string why = refused.Message.TrimEnd('.');
            throw new SuiteException($"the cache folder {folder} cannot be used: {why}", $"Make room there. Or: {Advice}", refused);
        }
    }
}
