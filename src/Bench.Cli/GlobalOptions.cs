using System.CommandLine;

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

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show stack traces", Recursive = true };

    public GlobalOptions()
    {
        Threads.Recursive = true;
        FolderName.Check(Results);
    }

    public IEnumerable<Option> All => [Results, Threads, Verbose];
}
