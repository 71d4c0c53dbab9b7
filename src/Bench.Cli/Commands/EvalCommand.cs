using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Experiments.Running;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Cli.Commands;

/// <summary><c>bench eval</c>: the likelihood of any text file under a trained network.</summary>
internal static class EvalCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var run = RunOption.Of();
        var file = new Option<string>("--file") { Description = "Text to evaluate, UTF-8", HelpName = "text", Required = true };
        file.Validators.Add(result =>
        {
            if (result.Tokens is not [var path])
                return;
            if (InputFile.Refusal(path.Value) is var (what, fix))
                result.AddError($"{path.Value} {what}\n{fix}");
            else if (!File.Exists(path.Value))
                result.AddError($"there is no file {path.Value}\nPaths count from the folder the program runs in.");
        });
        var sequences =
            WholeNumber.Option("--sequences", "Chunks of the text, at even distances; by default all", least: 1, most: int.MaxValue);
        var draws = WholeNumber.Option("--draws", "Noise levels a chunk; by default as many as the run took", least: 1, most: 100_000);
        var command = new Command("eval", "Evaluate a text file under the network of a run") { run, file, sequences, draws };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadEngine();
            using var model = TrainedModel.Load(parsed.GetValue(run)!);
            var metrics =
                model.Evaluate(parsed.GetValue(file)!, parsed.GetValue(sequences), parsed.GetValue(draws), stop: session.Here.Stop);
            session.Here.Output.WriteLine(
                $"{model.Method.Title}, step {model.Step}, seed {model.Definition.Seed}: {Path.GetFileName(parsed.GetValue(file))}");
            TableDisplay.Write(session.Here, Table(metrics));
            return ExitCodes.Success;
        });
        return command;
    }

    private static TextTable Table(ImmutableArray<Metric> metrics) => new(
        "Likelihood",
        [("Metric", ""), ("Value", ""), ("Standard error", ""), ("Unit", "")],
        [Alignment.Left, Alignment.Right, Alignment.Right, Alignment.Left],
        [.. metrics.Select(
            metric => ImmutableArray.Create(metric.Name, Text(metric.Value),
                metric.StandardError is { } error ? Text(error) : Reporting.Tables.Table.Dash, metric.Unit))],
        BaselineRows: 0,
        [.. metrics.Select(metric => metric.Protocol).Where(protocol => protocol.Length > 0).Distinct(StringComparer.Ordinal)
            .Select(protocol => $"Protocol: {protocol}")]);

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
