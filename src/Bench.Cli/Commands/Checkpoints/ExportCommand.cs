using System.CommandLine;
using Bench.Experiments.Running;

namespace Bench.Cli.Commands.Checkpoints;

/// <summary><c>bench export</c>: the network of a run as safetensors, for other programs and for <c>bench import</c>.</summary>
internal static class ExportCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run, such as results/runs/quick/0123456789abcdef" };
        run.Validators.Add(result =>
        {
            if (result.Tokens is [var folder] && !Directory.Exists(folder.Value))
                result.AddError($"there is no folder {folder.Value}\n'bench runs' lists them; their folders lie under results/runs.");
        });
        var target = new Argument<string?>("folder")
        {
            Description = "Where model.safetensors and config.json go; by default exported/<method>-<id>", Arity = ArgumentArity.ZeroOrOne,
        };
        var raw = new Option<bool>("--raw") { Description = "Write the weights of the last step, not their moving average" };
        var command = new Command("export", "Write the network of a run as safetensors and config.json") { run, target, raw };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadEngine();
            string from = Path.TrimEndingDirectorySeparator(parsed.GetValue(run)!);
            using var model = TrainedModel.Load(from, parsed.GetValue(raw));
            string folder = parsed.GetValue(target)
                ?? Path.Combine("exported", $"{model.Method.Name}-{Path.GetFileName(Path.GetFullPath(from))}");
            var exported = NetworkExport.Write(model, folder);
            session.Here.Output.WriteLine(
                $"{Path.Combine(folder, "model.safetensors")}: {model.Method.Title}, step {model.Step}, "
                    + $"{(model.IsImported ? "imported weights" : parsed.GetValue(raw) ? "raw weights" : "EMA weights")}, names of "
                    + $"{exported.Family.Title}");
            return ExitCodes.Success;
        });
        return command;
    }
}
