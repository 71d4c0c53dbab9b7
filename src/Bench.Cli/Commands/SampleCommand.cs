using System.CommandLine;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Experiments;
using Bench.Experiments.Generating;
using Bench.Sampling;

namespace Bench.Cli.Commands;

/// <summary><c>bench sample</c>: text from a trained network, one a line, batch by batch; what it took goes to the error output.</summary>
internal static class SampleCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var options = new SampleOptions();
        var command = new Command("sample", "Generate text with the network of a run");
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadEngine();
            using var model = TrainedModel.Load(parsed.GetValue(options.Run)!);
            var fitted = TextGenerator.Of(model, options.Request(parsed));
            Write(session.Here, model, fitted.Writer ?? throw new ProblemsException(fitted.Problems), options, parsed);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(CliEnvironment environment, TrainedModel model, TextGenerator writer, SampleOptions options, ParseResult parsed)
    {
        bool watches = parsed.GetValue(options.Watch);
        int count = parsed.GetValue(options.Count) ?? (watches ? 1 : 4), batch = parsed.GetValue(options.Batch) ?? SampleOptions.UsualBatch;
        var pause = TimeSpan.FromMilliseconds(parsed.GetValue(options.FrameMilliseconds) ?? 50);
        using var display = CanvasDisplay.Of(environment, model.Tokenizer, watches, pause, count, writer.Length);
        var parts = new List<Generation>();
        for (int first = 0; first < count; first += batch)
        {
            var part = writer.Write(Math.Min(batch, count - first), parsed.GetValue(options.Seed) ?? 1, first, display.Show, environment.Stop);
            display.Ended(part.Sequences.Length);
            // A terminal is moved and coloured by some characters; a file gets the text as it is.
            var output = environment.IsTerminal ? environment.Output : environment.RawOutput;
            foreach (int[] sequence in part.Sequences)
                output.WriteLine(model.Tokenizer.Decode(sequence));
            parts.Add(part);
        }

        var all = Generation.Join(parts);
        int words = all.Sequences.Sum(sequence => sequence.Length);
        environment.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Method.Title}, step {model.Step}, {writer.Sampler.Name}, {writer.Problem.Hyperschedule.Steps} steps: {count} {(count == 1 ? "text" : "texts")}, {words} words, {all.NetworkCalls} network calls, {Quantity.Time(all.Seconds)}, {Quantity.Count(all.TokensPerSecond)} tokens/s"));
    }
}
