using System.CommandLine;
using System.Globalization;
using Bench.Attention;
using Bench.Cli.Illustrations;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Cli.Commands;

/// <summary>
/// <c>bench schedule</c>: a method as pictures of characters: its hyperschedule with what it costs, its attention mask, its noise.
/// </summary>
internal static class ScheduleCommand
{
    private const int Height = 33;
    private const int UsualLength = 64;

    public static Command Of(CliEnvironment environment)
    {
        var source =
            new Argument<string>("schedule") { Description =
                "A method with a network, or a CSV file of levels: one line a step, one whole number a position" };
        var length = WholeNumber.Option("--length", $"Tokens in a sequence; by default {UsualLength}", least: 1, most: 65_536);
        var steps = WholeNumber.Option("--steps", "Steps to ask the method for; by default one a token", least: 1, most: 1_000_000);
        var mask = new Option<bool>("--mask") { Description = "Show the attention mask of a step instead" };
        var step = WholeNumber.Option("--step", "Which step that is, counted from 1; by default one behind the middle", least: 1,
            most: int.MaxValue);
        var noise = new Option<bool>("--noise") { Description = "Show the noise marginals instead: kept, uniform and masked, over time" };
        var folder =
            new Option<string?>("--csv") { Description =
                "Write levels.csv (which this command reads, too), mask.csv and noise.csv there instead", HelpName = "folder" };
        var command = new Command("schedule", "Show a hyperschedule and what it costs, an attention mask, or a noise process") { source,
            length, steps, mask, step, noise, folder };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(source)!;
            var (hyperschedule, method) = Find(name, parsed.GetValue(length) ?? UsualLength, parsed.GetValue(steps));
            bool asksMask = parsed.GetValue(mask), asksNoise = parsed.GetValue(noise);
            if (method is null && (asksMask || asksNoise))
                throw new ProblemsException(
                    new Problem("bench schedule", $"{name} has no attention mask and no noise", "Name a method with --mask and --noise."));
            int at = (parsed.GetValue(step) ?? StepMask.Telling(hyperschedule) + 1) - 1;
            if (at >= hyperschedule.Steps)
                throw new ProblemsException(
                    new Problem("--step", $"{hyperschedule.Name} has {hyperschedule.Steps} steps",
                        $"Write --step {hyperschedule.Steps} or less."));
            if (parsed.GetValue(folder) is { } where)
            {
                foreach (string file in ScheduleTables.Write(where, hyperschedule, method, at))
                    environment.Output.WriteLine(file);
                return ExitCodes.Success;
            }

            if (asksMask)
                ShowMask(environment, hyperschedule, method!.View, at);
            if (asksNoise)
                ShowNoise(environment, method!);
            if (!asksMask && !asksNoise)
                ShowLevels(environment, hyperschedule, method?.View);
            return ExitCodes.Success;
        });
        return command;
    }

    private static (Hyperschedule Path, NetworkMethod? Method) Find(string source, int length, int? steps)
    {
        if (File.Exists(source))
        {
            if (InputFile.Refusal(source, InputFile.MostBytes) is var (what, fix))
                throw new ProblemsException(new Problem(source, $"this {what}", fix));
            var reading = LevelTable.Read(source, InputFile.ReadText(source));
            return reading.Path is { } hyperschedule ? (hyperschedule, null) : throw new ProblemsException(reading.Problems);
        }

        if (MethodTable.Find(source) is NetworkMethod method)
            return (method.Hyperschedule(length, steps ?? length), method);
        string[] known = [.. MethodTable.All.OfType<NetworkMethod>().Select(row => row.Name)];
        throw new ProblemsException(
            new Problem("bench schedule", $"'{source}' is neither a method with a network nor a file",
                Spelling.Advice(source, known, "methods")));
    }

    private static void ShowLevels(CliEnvironment environment, Hyperschedule hyperschedule, BackboneView? view)
    {
        environment.Output.WriteLine(
            $"{hyperschedule.Name}: noise level by step (down) and position (across), {HyperschedulePicture.Shades[^1]} pure noise, "
                + $"{HyperschedulePicture.Shades[0]} settled");
        foreach (string line in HyperschedulePicture.Lines(hyperschedule, Math.Max(8, environment.Width - 1), Height))
            environment.Output.WriteLine(line);
        environment.Output.WriteLine(Text(Cost.Of(hyperschedule), hyperschedule.Depth));
        if (view is not null)
            environment.Output.WriteLine(
                Caching.IsCacheable(hyperschedule, view)
                    ? "Keys and values of settled tokens can be cached."
                    : "Keys and values of settled tokens cannot be cached.");
    }

    private static void ShowMask(CliEnvironment environment, Hyperschedule hyperschedule, BackboneView view, int step)
    {
        environment.Output.WriteLine(
            $"{hyperschedule.Name}, step {step + 1} of {hyperschedule.Steps}, {view}: "
                + "query (down) by key (across), # may attend, . may not");
        foreach (string line in AttentionPicture.Lines(StepMask.Of(hyperschedule, step, view), environment.Width))
            environment.Output.WriteLine(line);
    }

    private static void ShowNoise(CliEnvironment environment, NetworkMethod method)
    {
        environment.Output.WriteLine($"{method.Noise.Name}, {method.Schedule.Name}: marginals of a token at noise time t");
        foreach (string line in NoisePicture.Lines(method.Noise, method.Schedule))
            environment.Output.WriteLine(line);
    }

    private static string Text(Cost cost, int depth) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cost.Calls} network calls, {depth} levels; a call updates {cost.Active:0.#} positions and settles {cost.Settled:0.##}; each "
            + $"token is fed {cost.PerToken:0.#} times until it is settled.");
}

/// <summary>A method's pictures as files of numbers, for figures of one's own.</summary>
internal static class ScheduleTables
{
    private const int Intervals = 100;

    /// <summary>
    /// Writes levels (step by position, no header), the mask of a step (query by key, no header) and the shares of noise over time; of a
    /// bare hyperschedule, levels alone.
    /// </summary>
    /// <returns>The files.</returns>
    public static IEnumerable<string> Write(string folder, Hyperschedule hyperschedule, NetworkMethod? method, int step)
    {
        yield return Write(folder, "levels.csv",
            LevelTable.Of(hyperschedule).Select(row => row.Select(level => CsvFormat.Field((long)level))));
        if (method is null)
            yield break;
        yield return Write(folder, "mask.csv",
            StepMask.Of(hyperschedule, step, method.View).Select(keys => keys.Select(seen => seen ? "1" : "0")));
        yield return Write(folder, "noise.csv",
            NoisePanels.Rows(method.Noise, method.Schedule, Intervals).Prepend(NoisePanels.Header).Select(row => row.AsEnumerable()));
    }

    private static string Write(string folder, string name, IEnumerable<IEnumerable<string>> rows)
    {
        string file = Path.Combine(folder, name);
        AtomicFile.Write(file, CsvFormat.Text(rows.Select(row => row.ToArray())));
        return file;
    }
}
