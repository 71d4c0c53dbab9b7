using System.CommandLine;
using Bench.Cli.Display;
using Bench.Cli.Illustrations;
using Bench.Cli.Options;
using Bench.Reporting;
using Bench.Reporting.Tables;

namespace Bench.Cli.Commands;

/// <summary><c>bench report</c>: results to tables, figures and a page.</summary>
internal static class ReportCommand
{
    // What is stale, in a terminal.
    private const int Most = 20;

    public static Command Of(Func<ParseResult, Session> open)
    {
        var folders = new ReportFolders();
        var check =
            new Option<bool>("--check") { Description =
                "Make nothing: say whether the report still shows the results, and end with 1 where it does not" };
        var command =
            new Command("report", "Make tables, figures and the page from the results; needs no libtorch") { folders.Output, check };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(check))
                return Check(open(parsed), parsed.GetValue(folders.Output)!);
            Build(open(parsed), folders, parsed);
            return ExitCodes.Success;
        });
        return command;
    }

    private static int Check(Session session, string output)
    {
        var (published, figures) = (ReportFolders.Published(session.Here), ReportFolders.Figures(session.Here));
        var stale = Staleness.Of(session.Store.Root, published, figures, output, Gallery.Of());
        var environment = session.Here;
        if (stale.IsEmpty)
        {
            environment.Output.WriteLine($"The report in {output} shows the results as they are.");
            return ExitCodes.Success;
        }

        foreach (string what in stale.Take(Most))
            environment.Error.WriteLine(what);
        if (stale.Length > Most)
            environment.Error.WriteLine($"And {stale.Length - Most} more.");
        environment.Error.WriteLine($"The report in {output} is stale: run `bench report` again.");
        return ExitCodes.Failure;
    }

    /// <summary>Makes the report and shows its main table.</summary>
    /// <param name="session">Where the results lie.</param>
    /// <param name="folders">Where the report goes.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="refused">The exit code where results cannot be shown.</param>
    public static void Build(Session session, ReportFolders folders, ParseResult parsed, int refused = ExitCodes.BadInput)
    {
        string output = parsed.GetValue(folders.Output)!;
        if (Directory.Exists(Path.Combine(session.Store.Root, "runs"))) // without runs, that is what is missing
            ReportFolders.CheckStyle(session.Here);
        ReportFolders.CheckResults(session, refused);
        var (published, figures) = (ReportFolders.Published(session.Here), ReportFolders.Figures(session.Here));
        var report = Report.Build(session.Store.Root, published, figures, output, Gallery.Of());
        var environment = session.Here;
        environment.Output.WriteLine();
        TableDisplay.Write(environment, TextTable.Of(report.Main));
        environment.Output.WriteLine();
        TableDisplay.Line(environment, report.Headline);
        if (report.Generated is { } generated)
            TableDisplay.Line(environment, generated);
        environment.Output.WriteLine(
            $"{report.Files.Length} files written. Open {new Uri(Path.GetFullPath(Path.Combine(output, report.Files[0]))).AbsoluteUri}");
    }
}
