using System.CommandLine;
using Bench.Cli.Display;
using Bench.Cli.Explanation;
using Bench.Reporting;
using Bench.Reporting.Tables;

namespace Bench.Cli.Commands;

/// <summary><c>bench report</c>: results to tables, figures and a page.</summary>
internal static class ReportCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var folders = new ReportFolders();
        var command = new Command("report", "Make tables, figures and the page from the results; needs no libtorch") { folders.Output };
        command.SetAction(parsed =>
        {
            Build(open(parsed), folders, parsed);
            return ExitCodes.Success;
        });
        return command;
    }

    public static void Build(Session session, ReportFolders folders, ParseResult parsed)
    {
        string output = parsed.GetValue(folders.Output)!;
        var report = Report.Build(session.Store.Root, ReportFolders.Published, ReportFolders.Figures, output, Gallery.Of());
        var here = session.Here;
        here.Output.WriteLine();
        TableDisplay.Write(here, TextTable.Of(report.Main));
        here.Output.WriteLine();
        TableDisplay.Line(here, report.Headline);
        if (report.Generated is { } generated)
            TableDisplay.Line(here, generated);
        here.Output.WriteLine($"{report.Files.Length} files written. Open {new Uri(Path.GetFullPath(Path.Combine(output, report.Files[0]))).AbsoluteUri}");
    }
}
