using System.CommandLine;

namespace Bench.Cli.Commands;

/// <summary>Where a report comes from, beside the results, and where it goes.</summary>
internal sealed class ReportFolders
{
    /// <summary>Numbers of papers.</summary>
    public const string Published = "baselines/published";

    /// <summary>Templates of figures.</summary>
    public const string Figures = "reports/figures";

    public Option<string> Output { get; } = new("--output")
    {
        Description = "Folder of the report",
        HelpName = "folder",
        DefaultValueFactory = _ => "reports",
    };
}
