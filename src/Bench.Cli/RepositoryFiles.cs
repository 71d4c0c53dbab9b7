namespace Bench.Cli;

/// <summary>What belongs to the repository, wherever the program is started.</summary>
internal static class RepositoryFiles
{
    private const string Mark = "Bench.sln";

    /// <summary>
    /// A file or folder of the repository: that under the folder the program runs in, or else that of the work tree which the
    /// program was built in.
    /// </summary>
    /// <param name="path">Relative to the repository's root.</param>
    /// <param name="checkout">A folder inside the work tree.</param>
    /// <returns>The path itself where the folder that the program runs in has it, or where nobody has it.</returns>
    public static string Find(string path, string checkout)
    {
        if (Path.Exists(path))
            return path;
        string? root = checkout;
        while (root is not null && !File.Exists(Path.Combine(root, Mark)))
            root = Path.GetDirectoryName(root);
        return root is not null && Path.Combine(root, path) is var found && Path.Exists(found) ? found : path;
    }
}
