using System.CommandLine;
using System.Globalization;
using Bench.Experiments;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Models;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench schedule</c>: a hyperschedule as a picture, with what it costs.</summary>
internal static class ScheduleCommand
{
    private const int Height = 33;

    public static Command Of(Surroundings here)
    {
        var source = new Argument<string>("schedule") { Description = "A method with a network, or a CSV file of levels: one line a step, one whole number a position" };
        var length = WholeNumber.Option("--length", "Words in a sequence; by default 64", least: 1, most: 65_536);
        var steps = WholeNumber.Option("--steps", "Steps to ask the method for; by default one a word", least: 1, most: 1_000_000);
        var table = new Option<bool>("--csv") { Description = "Print the levels as such a file instead" };
        var command = new Command("schedule", "Show a hyperschedule: noise level by step and position, and what it costs") { source, length, steps, table };
        command.SetAction(parsed =>
        {
            var (path, view) = Find(parsed.GetValue(source)!, parsed.GetValue(length) ?? 64, parsed.GetValue(steps));
            if (parsed.GetValue(table))
            {
                foreach (string line in LevelTable.Lines(path))
                    here.Output.WriteLine(line);
                return ExitCodes.Success;
            }

            here.Output.WriteLine($"{path.Name}: noise level by step (down) and position (across), {HyperschedulePicture.Shades[^1]} pure noise, {HyperschedulePicture.Shades[0]} settled");
            foreach (string line in HyperschedulePicture.Lines(path, Math.Max(8, here.Width - 1), Height))
                here.Output.WriteLine(line);
            here.Output.WriteLine(Words(Cost.Of(path), path.Depth));
            if (view is not null)
                here.Output.WriteLine(Caching.IsCacheable(path, view) ? "Keys and values of settled words can be cached." : "Keys and values of settled words cannot be cached.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static (Hyperschedule Path, BackboneView? View) Find(string source, int length, int? steps)
    {
        if (File.Exists(source))
        {
            var reading = LevelTable.Read(source, File.ReadAllText(source));
            return reading.Path is { } path ? (path, null) : throw new ProblemsException(reading.Problems);
        }

        if (MethodTable.Find(source) is NetworkMethod method)
            return (method.Hyperschedule(length, steps ?? length), method.View);
        string[] known = [.. MethodTable.All.OfType<NetworkMethod>().Select(row => row.Name)];
        throw new ProblemsException(new Problem("bench schedule", $"'{source}' is neither a method with a network nor a file", Spelling.Advice(source, known, "methods")));
    }

    private static string Words(Cost cost, int depth) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cost.Calls} network calls, {depth} levels; a call updates {cost.Active:0.#} positions and settles {cost.Settled:0.##}; each word is fed {cost.PerToken:0.#} times until it is settled.");
}
