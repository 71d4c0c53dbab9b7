namespace Bench.Tests.Architecture;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Source files and folders that people write, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Files(string pattern, string under = "src") => Directory
        .EnumerateFiles(Path.Combine(Root, under), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => !IsMade(path));

    public static IEnumerable<string> Folders(string under) => Directory
        .EnumerateDirectories(Path.Combine(Root, under), "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => !IsMade(path));

    private static bool IsMade(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Bench.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder
            ?? throw new InvalidOperationException(
                $"There is no Bench.sln above {AppContext.BaseDirectory}; the tests run from the build output inside the source tree.");
    }
}
