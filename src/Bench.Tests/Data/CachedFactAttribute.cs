using Bench.Data;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>A test that reads GPT-2's merges from the cache; skipped where nobody has downloaded them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CachedFactAttribute : FactAttribute
{
    public CachedFactAttribute()
    {
        if (!File.Exists(Path.Combine(CacheFolder.Default, "packages", PackageFiles.Gpt2Merges.Package.Tarball)))
            Skip = "GPT-2's merges are not in the cache: run 'bench data gpt2-merges'.";
    }
}
