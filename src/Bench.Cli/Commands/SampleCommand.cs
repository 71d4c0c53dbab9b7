using System.CommandLine;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Experiments.Running;
using Bench.Guidance;
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

    private static void Write(CliEnvironment environment, TrainedModel model, TextGenerator writer, SampleOptions options,
        ParseResult parsed)
    {
        bool watches = parsed.GetValue(options.Watch);
        int count = parsed.GetValue(options.Count) ?? (watches ? 1 : 4), batch = parsed.GetValue(options.Batch) ?? SampleOptions.UsualBatch;
        var pause = TimeSpan.FromMilliseconds(parsed.GetValue(options.FrameMilliseconds) ?? 50);
        using var display = GenerationDisplay.Of(environment, model.Tokenizer, watches, pause, count, writer.Length);
        var parts = new List<Generation>();
        for (int first = 0; first < count; first += batch)
        {
            var part =
                writer.Write(Math.Min(batch, count - first), parsed.GetValue(options.Seed) ?? 1, first, display.Show, environment.Stop);
            display.Ended(part.Sequences.Length);
            // Control characters would act on a terminal; a file gets the text as it is.
            var output = environment.IsTerminal ? environment.Output : environment.RawOutput;
            foreach (int[] sequence in part.Sequences)
                output.WriteLine(model.Tokenizer.Decode(sequence));
            parts.Add(part);
        }

        var all = Generation.Join(parts);
        int tokens = all.Sequences.Sum(sequence => sequence.Length);
        string reached = writer.Sampler is not Guided guided ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; mean reward {all.Sequences.Average(x => guided.Reward.Of(x)):0.###}, {all.NetworkRows} rows, "
                + $"{all.RewardCalls} reward calls");
        environment.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Method.Title}, step {model.Step}, {writer.Sampler.Name}, {writer.Setup.Hyperschedule.Steps} steps: {count} "
                + $"{(count == 1 ? "text" : "texts")}, {tokens} tokens, {all.NetworkCalls} network calls, {Quantity.Time(all.Seconds)}, "
                + $"{Quantity.Count(all.TokensPerSecond)} tokens/s"
                + $"{reached}"));
    }
}

/// <summary>The options of <c>bench sample</c>.</summary>
internal sealed class SampleOptions
{
    /// <summary>Default batch size.</summary>
    public const int UsualBatch = 16;

    private const int Many = 1_000_000;

    public Option<string> Run { get; } = RunOption.Of();

    public Option<int?> Count { get; } =
        WholeNumber.Option("--count", "How many texts; by default 4, with --watch 1", least: 1, most: Many);

    public Option<ulong?> Seed { get; } = WholeNumber.Seed("--seed", "Seed of the random numbers; by default 1");

    public Option<string?> Prompt { get; } = Text("--prompt", "The beginning of each text");

    public Option<string?> Infill { get; } =
        Text("--infill", "The whole of each text but for its gaps, an underscore a token: \"the ____ of the union\"");

    public Option<string?> Until { get; } = Text("--until", "Texts end behind this");

    public Option<int?> Length { get; } = WholeNumber.Option("--length",
        "Tokens in a text; by default as many as in training, or in --infill; for more the window slides, by half of it at a time",
        least: 1, most: Many);

    public Option<int?> Steps { get; } =
        WholeNumber.Option("--steps", "Steps along the hyperschedule; by default as many as the run took", least: 1, most: Many);

    public Option<string?> Sampler { get; } =
        new("--sampler") { Description =
            $"How a step is taken; by default the method's own. One of {string.Join(", ", SamplerTable.Names)}", HelpName = "name" };

    public Option<string?> Guidance { get; } =
        new("--guidance") { Description = "Guide towards a reward: \"{ kind: svdd, candidates: 8, alpha: 0.5, reward: lipogram }\"; 'bench "
            + "methods' lists kinds, values and rewards", HelpName = "how" };

    public Option<double?> Temperature { get; } = RealNumber.Option("--temperature",
        "Temperature T: p is proportional to p^(1/T); 0 is greedy", least: 0, most: 1000, example: "0.8");

    public Option<double?> Nucleus { get; } = RealNumber.Option("--nucleus",
        "Top-p (nucleus) sampling: draw only from the most probable tokens whose probabilities reach p", least: 0, most: 1, example: "0.9");

    public Option<bool> GreedyTail { get; } =
        new("--greedy-tail") { Description = "Take the most probable token in the step that settles a position" };

    public Option<int?> Batch { get; } = WholeNumber.Option("--batch",
        $"Texts that are generated together, and printed as soon as they are done; by default {UsualBatch}", least: 1, most: 65_536);

    public Option<bool> NoCache { get; } =
        new("--no-cache") { Description = "Compute keys and values anew in every step; texts stay the same, up to rounding" };

    public Option<bool> Watch { get; } =
        new("--watch") { Description = "Show the text forming, step by step, and the noise that is left as shades" };

    public Option<int?> FrameMilliseconds { get; } =
        WholeNumber.Option("--frame-ms", "The least time a step is shown; by default 50", least: 0, most: 60_000);

    public IEnumerable<Option> All =>
        [Run, Count, Seed, Prompt, Infill, Until, Length, Steps, Sampler, Guidance, Temperature, Nucleus, GreedyTail, Batch, NoCache, Watch,
            FrameMilliseconds];

    public TextRequest Request(ParseResult parsed) => new()
    {
        Prompt = parsed.GetValue(Prompt),
        Infill = parsed.GetValue(Infill),
        Until = parsed.GetValue(Until),
        Length = parsed.GetValue(Length),
        Steps = parsed.GetValue(Steps),
        Sampler = parsed.GetValue(Sampler),
        Guidance = parsed.GetValue(Guidance),
        Choice =
            new DecodingOptions(parsed.GetValue(Temperature) ?? 1, parsed.GetValue(Nucleus) ?? 1, GreedyTail: parsed.GetValue(GreedyTail)),
        Caches = !parsed.GetValue(NoCache),
    };

    private static Option<string?> Text(string name, string description) => new(name) { Description = description, HelpName = "text" };
}
