using System.CommandLine;
using Bench.Cli.Explanation;
using Bench.Reporting;

namespace Bench.Cli.Commands;

/// <summary><c>bench pictures</c>: hyperschedules, attention masks and noise processes as figures for a paper.</summary>
internal static class PicturesCommand
{
    public static Command Of(Surroundings here)
    {
        var output = new Option<string>("--output") { Description = "Folder of the pictures", HelpName = "folder", DefaultValueFactory = _ => "reports/pictures" };
        var length = WholeNumber.Option("--length", $"Positions in each; by default {Gallery.UsualLength}", least: 2, most: 128);
        var command = new Command("pictures", "Draw hyperschedules, attention masks and noise processes; needs no results and no libtorch") { output, length };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            var files = Pictures.Draw(ReportFolders.Figures, folder, Gallery.Of(parsed.GetValue(length) ?? Gallery.UsualLength));
            foreach (string file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)))
                here.Output.WriteLine(Path.Combine(folder, file));
            here.Output.WriteLine($"{files.Length} files written; each picture is there as SVG and PDF, too.");
            return ExitCodes.Success;
        });
        return command;
    }
}
