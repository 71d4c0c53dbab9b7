using System.CommandLine;
using Bench.Cli.Illustrations;
using Bench.Cli.Options;
using Bench.Reporting;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench figures</c>: the figures and tables of the paper, as far as there are results for them.</summary>
internal static class FiguresCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var output = FolderName.Check(new Option<string>("--output")
        {
            Description = "Folder of the figures",
            HelpName = "folder",
            DefaultValueFactory = _ => "reports/paper",
        });
        var only =
            new Option<string?>("--only") { Description = "Draw this figure alone, of the paper or of the report", HelpName = "name" };
        var command = new Command("figures",
            "Make the paper's figures and tables: pictures of the method, and what the results allow; needs no libtorch") { output, only };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            string folder = parsed.GetValue(output)!;
            ReportFolders.CheckStyle(session.Here);
            ReportFolders.CheckResults(session);
            if (parsed.GetValue(only) is { } name)
                return Only(session, folder, name);
            var (published, figures) = (ReportFolders.Published(session.Here), ReportFolders.Figures(session.Here));
            var files = PaperFigures.Build(session.Store.Root, published, figures, folder, Gallery.OfPaper());
            foreach (string file in files.Where(
                file => file.EndsWith(".png", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal)))
                session.Here.Output.WriteLine(Path.Combine(folder, file));
            session.Here.Output.WriteLine(
                $"{files.Length} files written; {Path.Combine(folder, "README.md")} says what each is, and what differs from the paper's.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static int Only(Session session, string folder, string name)
    {
        var (published, figures) = (ReportFolders.Published(session.Here), ReportFolders.Figures(session.Here));
        var (files, known) = PaperFigures.Only(session.Store.Root, published, figures, folder, Gallery.OfPaper(), name);
        if (files.IsEmpty)
            throw new ProblemsException(
                new Problem("--only", $"there is no figure '{name}', or no result yet that it needs",
                    Spelling.Advice(name, known, "figures")));
        foreach (string file in files)
            session.Here.Output.WriteLine(Path.Combine(folder, file));
        return ExitCodes.Success;
    }
}
