using System.CommandLine;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Cli.Commands.Checkpoints;

/// <summary><c>bench import</c>: a published checkpoint becomes a run, measured on a text like those that were trained.</summary>
internal static class ImportCommand
{
    // A first look: a network of the papers' size takes seconds a sequence on two cores.
    private const int UsualSequences = 8, UsualDraws = 4;

    public static Command Of(Func<ParseResult, Session> open)
    {
        var path = new Argument<string>("checkpoint")
        {
            Description = "A file (safetensors, its index, torch.save, Lightning) or the folder that it lies in",
        };
        var averages = new Option<bool>("--ema") { Description = "Take the EMA weights, where the file holds both sets" };
        var raw = new Option<bool>("--raw") { Description = "Take the raw weights, where the file holds both sets" };
        (string Key, Option<string?> Option)[] texts =
        [
            ("source.as", Text("--as", "Its family, where the file does not state one", "family")),
            ("source.block-size", Text("--block-size", "Positions denoised together, where the file does not state them", "number")),
            ("source.heads", Text("--heads", "Attention heads, where the file does not state them", "number")),
            ("source.title", Text("--title", "Its name in tables; by default after its family", "text")),
            ("name", Text("--name", "The experiment that the run belongs to; by default imported", "name")),
            ("data.corpus", Text("--corpus", "Text to measure on, as data.corpus of a definition; by default sotu", "text")),
            ("data.tokenizer", Text("--tokenizer", "By default the one of as many tokens", "name")),
            ("data.length", Text("--length", "Tokens in a sequence; by default as in training", "number")),
            ("evaluation.sequences", Text("--sequences", $"Sequences of each part to measure; by default {UsualSequences}", "number")),
            ("evaluation.draws", Text("--draws", $"Noise levels a sequence; by default {UsualDraws}", "number")),
            ("sampling.count", Text("--samples", "Texts to generate and to score; by default none", "number")),
            ("sampling.steps", Text("--steps", "Steps from noise to text; by default one a token", "number")),
            ("seeds", Text("--seed", "Seed of the draws; by default 1", "number")),
        ];
        var command = new Command("import", "Make a run of a published checkpoint, and measure it") { path, averages, raw };
        foreach (var (_, option) in texts)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(averages) && result.GetValue(raw))
                result.AddError("--ema and --raw are both there\nTake one set of weights; the other makes another run.");
        });
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadEngine();
            Dictionary<string, (string Value, string Option)> values = new(StringComparer.Ordinal)
            {
                ["source.checkpoint"] = (parsed.GetValue(path)!, "checkpoint"),
                ["name"] = ("imported", "--name"),
                ["data.corpus"] = ("sotu", "--corpus"),
                ["evaluation.sequences"] = ($"{UsualSequences}", "--sequences"),
                ["evaluation.draws"] = ($"{UsualDraws}", "--draws"),
                ["sampling.count"] = ("0", "--samples"),
            };
            foreach (var (key, option) in texts)
            {
                if (parsed.GetValue(option) is { } value)
                    values[key] = (value, option.Name);
            }

            if (parsed.GetValue(averages) || parsed.GetValue(raw))
                values["source.weights"] = (parsed.GetValue(averages) ? "ema" : "raw", parsed.GetValue(averages) ? "--ema" : "--raw");
            return Import(session, values.Select(entry => (entry.Key, entry.Value.Value, entry.Value.Option)));
        });
        return command;
    }

    private static int Import(Session session, IEnumerable<(string Key, string Value, string Option)> values)
    {
        var reading = DefinitionReader.OfOptions("bench import", values);
        if (!reading.Problems.IsEmpty)
            throw new ProblemsException(reading.Problems) { Outcome = "nothing was imported" };
        var plan = Plan.Of(reading.Runs, session.Library, session.Store, session.Here.Stop);
        int code = new Campaign(session).Execute(plan, retry: true);
        if (code != ExitCodes.Success)
            return code;
        var run = plan.Runs[^1];
        var output = session.Here.Output;
        string size = ((double)run.Spec.Parameters!.Value / 1e6).ToString("0.0##", CultureInfo.InvariantCulture);
        output.WriteLine($"{run.Folder}: {run.Spec.Method.Title}, {size} million parameters");
        foreach (string said in run.Spec.Assumed)
            output.WriteLine($"    {said}");
        foreach (var metric in session.Store.Read(run.Spec.Experiment, run.Id).Metrics.Where(metric => metric.Name == "likelihood"))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {metric.Split}: {metric.Value:0.0000} {metric.Unit}"));
        output.WriteLine("'bench sample', 'bench eval' and 'bench report' take it like any other run.");
        return code;
    }

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
