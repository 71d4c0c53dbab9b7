using System.CommandLine;
using Bench.Experiments.Machine;

namespace Bench.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Results { get; } = new("--results")
    {
        Description = "Folder of the runs",
        HelpName = "folder",
        DefaultValueFactory = _ => "results",
        Recursive = true,
    };

    public Option<int?> Threads { get; } =
        WholeNumber.Option("--threads", "Threads of the tensor engine; by default one for each core", least: 1, most: 1024);

    public Option<string?> Device { get; } = new("--device")
    {
        Description =
            $"Where networks are: {DeviceChoice.Known}; by default {DeviceChoice.Variable}, else auto, a CUDA card where there is one",
        HelpName = "name",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show stack traces", Recursive = true };

    public GlobalOptions()
    {
        Threads.Recursive = true;
        FolderName.Check(Results);
        Device.Validators.Add(result =>
        {
            if (result.Tokens is [var name] && DeviceChoice.Parse(name.Value) is null)
                result.AddError($"'{name.Value}' is no device\nWrite {DeviceChoice.Known}.");
        });
    }

    public IEnumerable<Option> All => [Results, Threads, Device, Verbose];
}

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
