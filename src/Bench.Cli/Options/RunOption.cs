using System.CommandLine;

namespace Bench.Cli.Options;

/// <summary>The run whose network a command uses.</summary>
internal static class RunOption
{
    public static Option<string> Of()
    {
        var option = new Option<string>("--run")
        {
            Description = "Folder of the run, such as results/runs/quick/0123456789abcdef",
            HelpName = "folder",
            Required = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var folder] && !Directory.Exists(folder.Value))
                result.AddError($"there is no folder {folder.Value}\n'bench runs' lists them; their folders lie under results/runs.");
        });
        return option;
    }
}
