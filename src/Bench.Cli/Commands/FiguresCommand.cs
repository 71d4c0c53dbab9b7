using System.CommandLine;
using Bench.Cli.Explanation;
using Bench.Reporting;

namespace Bench.Cli.Commands;

/// <summary><c>bench figures</c>: the figures and tables of the paper, as far as there are results for them.</summary>
internal static class FiguresCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var output = new Option<string>("--output") { Description = "Folder of the figures", HelpName = "folder", DefaultValueFactory = _ => "reports/paper" };
        var command = new Command("figures", "Make the paper's figures and tables: pictures of the method, and what the results allow; needs no libtorch") { output };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            string folder = parsed.GetValue(output)!;
            var files = PaperFigures.Build(session.Store.Root, ReportFolders.Published, ReportFolders.Figures, folder, Gallery.OfPaper());
            foreach (string file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal)))
                session.Here.Output.WriteLine(Path.Combine(folder, file));
            session.Here.Output.WriteLine($"{files.Length} files written; {Path.Combine(folder, "README.md")} says what each is, and what differs from the paper's.");
            return ExitCodes.Success;
        });
        return command;
    }
}
