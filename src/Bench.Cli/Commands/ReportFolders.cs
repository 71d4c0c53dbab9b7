using System.CommandLine;
using Bench.Reporting.Figures.Styles;

namespace Bench.Cli.Commands;

/// <summary>Where a report comes from, beside the results, and where it goes.</summary>
internal sealed class ReportFolders
{
    /// <summary>Numbers of papers.</summary>
    public const string Published = "baselines/published";

    /// <summary>The style file of figures and its font.</summary>
    public const string Figures = "reports/figures";

    /// <summary>Before anything is computed or written.</summary>
    /// <exception cref="ProblemsException">The style file has mistakes.</exception>
    public static void CheckStyle()
    {
        var problems = StyleFile.Check(Figures);
        if (!problems.IsEmpty)
            throw new ProblemsException(problems);
    }

    public Option<string> Output { get; } = new("--output")
    {
        Description = "Folder of the report",
        HelpName = "folder",
        DefaultValueFactory = _ => "reports",
    };
}
