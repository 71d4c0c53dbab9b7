using System.CommandLine;
using Bench.Cli.Explanation;
using Bench.Methods;
using Bench.Reporting;

namespace Bench.Cli.Commands;

/// <summary><c>bench pictures</c>: hyperschedules, attention masks and noise processes as figures for a paper.</summary>
internal static class PicturesCommand
{
    private const int UsualLength = 32;

    // Hyperschedules, and whose they are.
    private static readonly (string Title, string Method)[] Shown =
        [("autoregressive", "ar"), ("block", "bd3lm"), ("flat", "mdlm"), ("slide", "gamma-slide"), ("block-slide", "gamma-block-slide")];

    public static Command Of(Surroundings here)
    {
        var output = new Option<string>("--output") { Description = "Folder of the pictures", HelpName = "folder", DefaultValueFactory = _ => "reports/pictures" };
        var length = WholeNumber.Option("--length", $"Positions in each; by default {UsualLength}", least: 2, most: 128);
        var command = new Command("pictures", "Draw hyperschedules, attention masks and noise processes; needs no results and no libtorch") { output, length };
        command.SetAction(parsed =>
        {
            var methods = Shown.Select(entry => (entry.Title, (NetworkMethod)MethodTable.Find(entry.Method)!)).ToList();
            int positions = parsed.GetValue(length) ?? UsualLength;
            string folder = parsed.GetValue(output)!;
            var files = Pictures.Draw(ReportFolders.Figures, folder, [HyperschedulePanels.Of(methods, positions), AttentionPanels.Of(methods, positions), NoisePanels.Grid]);
            foreach (string file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)))
                here.Output.WriteLine(Path.Combine(folder, file));
            here.Output.WriteLine($"{files.Length} files written; each picture is there as SVG and PDF, too.");
            return ExitCodes.Success;
        });
        return command;
    }
}
