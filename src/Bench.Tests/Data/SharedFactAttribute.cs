using Xunit;

namespace Bench.Tests.Data;

/// <summary>A test that reads published data from <c>shared/data</c>, in a folder above the tests; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string file)
    {
        File = file;
        if (Find(file) is null)
            Skip = $"There is no shared/data/{file} above the tests.";
    }

    public string File { get; }

    public static string PathOf(string file) => Find(file) ?? throw new FileNotFoundException(file);

    private static string? Find(string file)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string path = Path.Combine(folder, "shared", "data", file);
            if (System.IO.File.Exists(path))
                return path;
        }
        return null;
    }
}
