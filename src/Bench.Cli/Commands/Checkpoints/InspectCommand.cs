using System.CommandLine;
using System.Globalization;
using Bench.Attention;
using Bench.Published;
using Bench.Results;

namespace Bench.Cli.Commands.Checkpoints;

/// <summary><c>bench inspect</c>: what a published checkpoint holds, and what it is understood as. Weights are not read.</summary>
internal static class InspectCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var path = new Argument<string>("checkpoint")
        {
            Description = "A file (safetensors, its index, torch.save, Lightning) or the folder that it lies in",
        };
        var family = new Option<string?>("--as") { Description = "The family, where the file does not state it", HelpName = "family" };
        var tensors = new Option<bool>("--tensors") { Description = "List all tensors" };
        var command = new Command("inspect", "Show what a published checkpoint holds and is understood as") { path, family, tensors };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            session.LoadLibrary();
            using var checkpoint = Checkpoint.Open(parsed.GetValue(path)!);
            Write(session.Here.Output, Held(checkpoint));
            if (parsed.GetValue(tensors))
                Write(session.Here.Output, checkpoint.Tensors.Select(entry => ($"  {entry.Key}", $"{entry.Value}")));
            List<Problem> problems = [];
            if (PublishedNetwork.Of(checkpoint, parsed.GetValue(family), problems) is not { } network)
                throw new ProblemsException([.. problems]) { Outcome = "the checkpoint was not understood" };
            Write(session.Here.Output, Understood(network));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(TextWriter output, IEnumerable<(string Name, string Value)> lines)
    {
        var shown = lines.ToList();
        int width = shown.Max(line => line.Name.Length);
        foreach (var (name, value) in shown)
            output.WriteLine($"{name.PadRight(width)}  {value}");
    }

    private static IEnumerable<(string Name, string Value)> Held(Checkpoint checkpoint)
    {
        yield return ("File", checkpoint.File);
        yield return ("Container", checkpoint.Container);
        var types = checkpoint.Tensors.CountBy(entry => entry.Value.Type.Name).Select(type => $"{type.Value} {type.Key}");
        yield return ("Tensors", $"{string.Join(", ", types)}; {Number(checkpoint.Tensors.Sum(entry => entry.Value.Count))} elements");
        string decay = checkpoint.AverageDecay is { } number ? $", decay {number.ToString(CultureInfo.InvariantCulture)}" : "";
        yield return ("EMA weights", checkpoint.Averages.IsDefault ? "no second set" : $"{checkpoint.Averages.Length}{decay}");
        yield return ("Configuration", checkpoint.Config.IsEmpty ? "none" : checkpoint.Config.Source);
        if (checkpoint.Step is { } step)
            yield return ("Training step", Number(step));
        if (checkpoint.Skipped.Length > 0)
            yield return ("Not read", string.Join(", ", checkpoint.Skipped));
    }

    private static IEnumerable<(string Name, string Value)> Understood(PublishedNetwork network)
    {
        var shape = network.Shape;
        yield return ("Family", $"{network.Family.Title} ({network.Family.Name})");
        yield return ("Network",
            $"{shape.Blocks} {(shape.Blocks == 1 ? "block" : "blocks")}, width {shape.Width}, {shape.Heads} heads, "
                + $"{(shape.Modulated ? $"condition width {shape.ConditionWidth}" : "no noise conditioning")}"
                + (shape.LearnedPositions is { } positions ? $", {Number(positions)} learned positions" : ""));
        yield return ("Given", shape.Conditioning switch
        {
            Conditioning.Sigma => "sigma, the total noise",
            Conditioning.Time => "the noise time",
            Conditioning.Constant => "0 in the place of sigma",
            _ => "nothing of the noise level",
        });
        yield return ("Vocabulary", $"{Number(network.Rows)} rows, {(network.MaskId is { } mask ? $"mask token {mask}" : "no mask token")}"
            + (network.MaskId + 1 < network.Rows ? $", {network.Rows - network.MaskId - 1} rows of no token" : ""));
        yield return ("Length", network.Length is { } length ? Number(length) : "not stated");
        yield return ("View",
            $"{(network.View.Shifted ? "shifted" : "aligned")}, {network.View.Block.ToString().ToLowerInvariant()} attention");
        yield return ("Noise", network.Own?.Noise ?? $"{network.Process!.Name}, {network.Schedule!.Name}");
        yield return ("Hyperschedule", network.Hyperschedule);
        yield return ("Objective", network.Own?.Objective ?? network.Family.Objective);
        if (network.Ignored.Length > 0)
            yield return ("Ignored", string.Join(", ", network.Ignored));
        foreach (string note in network.Notes)
            yield return ("Note", note);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
