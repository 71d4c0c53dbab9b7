using System.Collections.Immutable;
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
        var check = new Option<bool>("--check")
        {
            Description = "Make nothing: say whether the report still shows the results, and the repository's documents the results that "
                + "are kept in it, and end with 1 where they do not",
        };
        var documents = new Option<bool>("--documents")
        {
            Description = "Make no report: write the kept tables and the marked parts of README.md and results/reference/README.md anew "
                + "from the runs that are kept there",
        };
        var command = new Command("report", "Make tables, figures and the page from the results; needs no libtorch") { folders.Output,
            check, documents };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(documents))
                return Update(open(parsed).Here);
            if (parsed.GetValue(check))
                return Check(open(parsed), parsed.GetValue(folders.Output)!);
            Build(open(parsed), folders, parsed);
            return ExitCodes.Success;
        });
        return command;
    }

    private static int Update(CliEnvironment environment)
    {
        var files = KeptResults.Update(".", ReportFolders.Published(environment), ReportFolders.Claims(environment));
        foreach (string file in files)
            environment.Output.WriteLine(file);
        environment.Output.WriteLine($"{files.Length} {(files.Length == 1 ? "file" : "files")} written.");
        return ExitCodes.Success;
    }

    private static int Check(Session session, string output)
    {
        var (published, figures) = (ReportFolders.Published(session.Here), ReportFolders.Figures(session.Here));
        var claims = ReportFolders.Claims(session.Here);
        var stale = Staleness.Of(session.Store.Root, published, figures, output, claims, Gallery.Of());
        var environment = session.Here;
        if (stale.IsEmpty)
            environment.Output.WriteLine($"The report in {output} shows the results as they are.");
        Say(environment, stale);
        if (!stale.IsEmpty)
            environment.Error.WriteLine($"The report in {output} is stale: run `bench report` again.");

        // Of the folder that the program runs in: documents of another one are no part of these results.
        var wrong = KeptResults.Check(".", published, claims);
        if (wrong.IsEmpty && KeptResults.Profiles(".").Length is > 0 and var kept)
        {
            environment.Output.WriteLine(
                $"The documents show the results of {kept} {(kept == 1 ? "profile" : "profiles")} as they are kept.");
        }

        Say(environment, [.. wrong.Select(problem => problem.ToString())]);
        return stale.IsEmpty && wrong.IsEmpty ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Say(CliEnvironment environment, ImmutableArray<string> found)
    {
        foreach (string what in found.Take(Most))
            environment.Error.WriteLine(what);
        if (found.Length > Most)
            environment.Error.WriteLine($"And {found.Length - Most} more.");
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
        var report = Report.Build(session.Store.Root, published, figures, output, ReportFolders.Claims(session.Here), Gallery.Of());
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
