using System.CommandLine;
using Bench.Cli.Display;
using Bench.Experiments;
using Bench.Experiments.Speed;
using Bench.Results;
using Bench.Training;
using TorchSharp;

namespace Bench.Cli.Commands;

/// <summary><c>bench speed</c>: how fast training and sampling are on this machine, beside others, and where the time goes.</summary>
internal sealed class SpeedCommand
{
    private const string Published = "baselines/speed/peers.csv";
    private const int UsualRepeats = 5;
    private const double UsualSeconds = 1;

    private readonly Option<string[]> cases = new("--cases")
    {
        Description = "Of these alone: names, or words in them such as train, mdlm or tiny; by default all",
        HelpName = "case",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> repeats = WholeNumber.Option("--repeats", $"Rounds, in each of which every case is measured once; by default {UsualRepeats}", least: 1, most: 10_000);
    private readonly Option<double?> seconds = RealNumber.Option("--seconds", "How long a case is measured in a round, at least; by default 1", 0, 3600, "0.5");
    private readonly Option<Precision?> precision = PrecisionOption.Of("--precision", "Type of the products, bf16 or float32; by default bf16 in training, float32 in sampling");
    private readonly Option<string?> profile = new("--profile") { Description = "Instead: the operators of this case by the time spent in each", HelpName = "case" };
    private readonly Option<string[]> peer = PeerOption.Of();
    private readonly Option<string> published = new("--published") { Description = "Speeds of others that were measured before", HelpName = "file", DefaultValueFactory = _ => Published };
    private readonly Option<string?> csv = new("--csv") { Description = "Write the measurements to this file as well, for scripts", HelpName = "file" };

    public static Command Of(Func<ParseResult, Session> open)
    {
        var options = new SpeedCommand();
        var command = new Command("speed", "Measure how fast training and sampling are here, beside others, and where the time goes")
        {
            options.cases, options.repeats, options.seconds, options.precision, options.profile, options.peer, options.published, options.csv,
        };
        command.SetAction(parsed =>
        {
            var (row, rows, speeds) = options.Check(parsed);
            var session = open(parsed);
            session.LoadEngine();
            string text = row is null ? options.Measure(session.Here, parsed, rows, speeds) : options.Profile(session.Here, parsed, row);
            if (parsed.GetValue(options.csv) is { } file)
                AtomicFile.Write(Path.GetFullPath(file), text);
            return ExitCodes.Success;
        });
        return command;
    }

    private (ISpeedCase? Profiled, IReadOnlyList<ISpeedCase> Measured, IReadOnlyList<PublishedSpeed> Published) Check(ParseResult parsed)
    {
        var (rows, problems) = SpeedCases.Select([.. (parsed.GetValue(cases) ?? []).SelectMany(words => words.Split(',', StringSplitOptions.RemoveEmptyEntries))]);
        ISpeedCase? row = null;
        if (parsed.GetValue(profile) is { } name)
        {
            (row, var wrong) = SpeedCases.Find(name, profile.Name);
            problems = wrong is null ? problems : problems.Add(wrong);
            foreach (var option in new Option[] { cases, repeats, peer }.Where(option => parsed.GetResult(option) is { Implicit: false }))
                problems = problems.Add(new(option.Name, "a profile is of one case, by itself", $"Leave {option.Name} out, or --profile."));
        }
        else if (parsed.GetResult(peer) is { Implicit: false } && !rows.IsEmpty && !rows.Any(candidate => candidate.HasPeer))
        {
            problems = problems.Add(new(peer.Name, "none of these cases is one that the peer has", $"Add one of {string.Join(", ", SpeedCases.All.Where(candidate => candidate.HasPeer).Select(candidate => candidate.Name))} to --cases, or leave --peer out."));
        }

        string file = parsed.GetValue(published)!;
        bool isAsked = parsed.GetResult(published) is { Implicit: false };
        if (isAsked && !File.Exists(file))
            problems = problems.Add(new(published.Name, $"there is no file {file}", $"Leave it out for {Published}."));
        return problems.IsEmpty ? (row, rows, File.Exists(file) ? PublishedSpeed.Read(file) : []) : throw new ProblemsException(problems);
    }

    private string Measure(Surroundings here, ParseResult parsed, IReadOnlyList<ISpeedCase> rows, IReadOnlyList<PublishedSpeed> speeds)
    {
        using var other = parsed.GetValue(peer) is [var python, var checkout] ? PeerProcess.Start(python, checkout, torch.get_num_threads()) : null;
        var bench = new SpeedBench(here.Clock)
        {
            Repeats = parsed.GetValue(repeats) ?? UsualRepeats,
            Seconds = parsed.GetValue(seconds) ?? UsualSeconds,
            Precision = parsed.GetValue(precision),
            Peer = other,
            Tell = here.Error.WriteLine,
        };
        var results = bench.Run(rows, here.Stop);
        foreach (var table in new[] { SpeedTable.Of(results, bench.Repeats), SpeedTable.OfPeers(results), SpeedTable.OfPublished(results, speeds) })
        {
            if (table is not null)
                TableDisplay.Write(here, table);
        }

        return SpeedFile.Text(results);
    }

    private string Profile(Surroundings here, ParseResult parsed, ISpeedCase row)
    {
        var found = SpeedProfile.Of(row, parsed.GetValue(precision), parsed.GetValue(seconds) ?? UsualSeconds, here.Clock, here.Stop);
        TableDisplay.Write(here, ProfileTable.Of(found));
        return ProfileTable.File(found);
    }
}
