using System.CommandLine;

namespace Bench.Cli;

/// <summary>What an option may name as a folder: one that is there, or one that can be made.</summary>
internal static class FolderName
{
    /// <summary>Lets an option refuse an empty name and a path on which a file lies.</summary>
    public static Option<string> Check(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var path }])
                return;
            if (string.IsNullOrWhiteSpace(path))
                result.AddError("the name of the folder is empty\nName a folder, or leave the option out.");
            else if (FileOn(Path.GetFullPath(path)) is { } file)
                result.AddError($"{file} is a file, not a folder\nName a folder.");
        });
        return option;
    }

    // The file that a path is, or leads through.
    private static string? FileOn(string? path)
    {
        while (path is not null && !Path.Exists(path))
            path = Path.GetDirectoryName(path);
        return path is null || Directory.Exists(path) ? null : path;
    }
}
