using System.CommandLine;
using Bench.Cli.Display;
using Bench.Experiments;

namespace Bench.Cli.Commands;

/// <summary><c>bench sample</c>: text from a trained network, one sequence a line; what it took goes to the error output.</summary>
internal static class SampleCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var run = RunOption.Of();
        var count = WholeNumber.Option("--count", "How many texts; by default 4", least: 1, most: 1_000_000);
        var steps = WholeNumber.Option("--steps", "Steps along the hyperschedule; by default as many as the run took", least: 1, most: 1_000_000);
        var seed = WholeNumber.Seed("--seed", "Draws them; by default 1");
        var command = new Command("sample", "Generate text with the network of a run") { run, count, steps, seed };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadEngine();
            using var model = TrainedModel.Load(parsed.GetValue(run)!);
            var generation = model.Sample(parsed.GetValue(count) ?? 4, parsed.GetValue(seed) ?? 1, parsed.GetValue(steps), session.Here.Stop);
            foreach (int[] sequence in generation.Sequences)
                session.Here.Output.WriteLine(model.Tokenizer.Decode(sequence));
            session.Here.Error.WriteLine(
                $"{model.Method.Title}, step {model.Step}: {generation.Sequences.Length} texts of {model.Length} words, {generation.NetworkCalls} network calls, "
                + $"{Quantity.Time(generation.Seconds)}, {Quantity.Count(generation.TokensPerSecond)} tokens/s");
            return ExitCodes.Success;
        });
        return command;
    }
}
