using System.CommandLine;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Results;
using Bench.Results.Files;
using Bench.Training;
using TorchSharp;

namespace Bench.Cli.Commands;

/// <summary><c>bench speed</c>: how fast training and sampling are on this machine, beside others, and where the time goes.</summary>
internal sealed class SpeedCommand
{
    private const string Published = "baselines/speed/peers.csv";
    private const int UsualRepeats = 5;
    private const int UsualSteps = 10_000;
    private const double UsualSeconds = 1;

    private readonly Option<string[]> cases = new("--cases")
    {
        Description = "Of these alone: names, or parts of them such as mdlm, tiny or sample-mdlm; by default all",
        HelpName = "case",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> repeats = WholeNumber.Option("--repeats",
        $"Rounds, in each of which every case is measured once; by default {UsualRepeats}", least: 1, most: 10_000);
    private readonly Option<double?> seconds =
        RealNumber.Option("--seconds", "How long a case is measured in a round, at least; by default 1", 0, 3600, "0.5");
    private readonly Option<Precision?> precision =
        PrecisionOption.Of("--precision", "Type of the products, bf16 or float32; by default bf16, and float32 in sampling with kept keys");
    private readonly Option<string?> profile =
        new("--profile") { Description = "Instead: the operators of this case by the time spent in each", HelpName = "case" };
    private readonly Option<string?> kernels =
        new("--kernels") { Description = "Instead: what each of the suite's own kernels is worth in this case", HelpName = "case" };
    private readonly Option<string?> memory =
        new("--memory") { Description = "Instead: the memory of this case over many steps", HelpName = "case" };
    private readonly Option<int?> steps =
        WholeNumber.Option("--steps", $"How many steps --memory takes; by default {UsualSteps}", least: 1, most: int.MaxValue);
    private readonly Option<string[]> peer = PeerOption.Of();
    private readonly Option<string> published = new("--published") { Description = "Speeds of others that were measured before",
        HelpName = "file", DefaultValueFactory = _ => Published };
    private readonly Option<string?> csv =
        new("--csv") { Description = "Write the measurements to this file as well, for scripts", HelpName = "file" };

    public static Command Of(Func<ParseResult, Session> open)
    {
        var options = new SpeedCommand();
        var command = new Command("speed", "Measure how fast training and sampling are here, beside others, and where the time goes")
        {
            options.cases, options.repeats, options.seconds, options.precision, options.profile, options.kernels, options.memory,
            options.steps, options.peer, options.published, options.csv,
        };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            var (row, rows, speeds) = options.Check(parsed, session.Here.Checkout);
            session.LoadEngine();
            string text = row is null ? options.Measure(session.Here, parsed, rows, speeds)
                : parsed.GetValue(options.profile) is not null ? options.Profile(session.Here, parsed, row)
                : parsed.GetValue(options.kernels) is not null ? options.Kernels(session.Here, parsed, row)
                : options.Memory(session.Here, parsed, row);
            if (parsed.GetValue(options.csv) is { } file)
                AtomicFile.Write(Path.GetFullPath(file), text);
            return ExitCodes.Success;
        });
        return command;
    }

    private (ISpeedCase? Profiled, IReadOnlyList<ISpeedCase> Measured, IReadOnlyList<PublishedSpeed> Published) Check(
        ParseResult parsed, string checkout)
    {
        string[] wanted = [.. (parsed.GetValue(cases) ?? []).SelectMany(words => words.Split(',')).Select(word => word.Trim())];
        var (rows, problems) = SpeedCases.Select(wanted);
        ISpeedCase? row = null;
        // Each way to look at a single case, and what other options it takes.
        (Option<string?> Way,
            Option[] Hears)[] ways = [(profile, [seconds, precision]), (kernels, [repeats, seconds, precision]),
                (memory, [steps, precision])];
        bool Written(Option option) => parsed.GetResult(option) is { Implicit: false };
        if (Array.FindIndex(ways, candidate => parsed.GetValue(candidate.Way) is not null) is >= 0 and var found)
        {
            var (way, hears) = ways[found];
            (row, var wrong) = SpeedCases.Find(parsed.GetValue(way)!, way.Name);
            problems = wrong is null ? problems : problems.Add(wrong);
            foreach (var option in new Option[] { cases, repeats, seconds, steps, peer, profile, kernels, memory }.Where(
                option => option != way && !hears.Contains(option) && Written(option)))
                problems = problems.Add(
                    new(option.Name, $"{way.Name} measures one case by itself and does not take this option",
                        $"Leave {option.Name} out, or {way.Name}."));
        }
        else if (Written(steps))
        {
            problems =
                problems.Add(new(steps.Name, "nothing but --memory counts steps", $"Add --memory <case>, or leave {steps.Name} out."));
        }
        else if (Written(peer) && !rows.IsEmpty && rows.All(candidate => PeerTask.Of(candidate) is null))
        {
            problems = problems.Add(
                new(peer.Name, "none of these cases is one that the peer has",
                    $"Add one of {string.Join(", ", SpeedCases.All.Where(IsKnownToPeers).Select(candidate => candidate.Name))} "
                        + "to --cases, or leave --peer out."));
        }

        bool isAsked = Written(published);
        string file = isAsked ? parsed.GetValue(published)! : RepositoryFiles.Find(Published, checkout);
        if (InputFile.Refusal(file, InputFile.MostBytes) is var (what, fix))
            problems = problems.Add(new(published.Name, $"{file} {what}", fix));
        else if (isAsked && !File.Exists(file))
            problems = problems.Add(new(published.Name, $"there is no file {file}", $"Leave it out for {Published}."));
        // Checked before the measurement, which takes minutes.
        if (parsed.GetValue(csv) is { } kept && InputFile.Refusal(kept) is var (kind, advice))
            problems = problems.Add(new(csv.Name, $"{kept} {kind}", advice));
        return problems.IsEmpty ? (row, rows, File.Exists(file) ? PublishedSpeed.Read(file) : []) : throw new ProblemsException(problems);
    }

    private static bool IsKnownToPeers(ISpeedCase candidate) => PeerTask.Of(candidate) is not null;

    private string Measure(CliEnvironment environment, ParseResult parsed, IReadOnlyList<ISpeedCase> rows,
        IReadOnlyList<PublishedSpeed> speeds)
    {
        using var other = parsed.GetValue(peer) is [var python, .. var checkout]
            ? PeerProcess.Start(python, checkout.SingleOrDefault(), torch.get_num_threads(), environment.Error.WriteLine, environment.Stop)
            : null;
        var bench = Bench(environment, parsed, other);
        var results = bench.Run(rows, environment.Stop);
        foreach (var table in new[] { SpeedTable.Of(results, bench.Repeats), SpeedTable.OfPeers(results),
            SpeedTable.OfPublished(results, speeds) })
        {
            if (table is not null)
                TableDisplay.Write(environment, table);
        }

        return SpeedFile.Text(results);
    }

    private SpeedBench Bench(CliEnvironment environment, ParseResult parsed, ISpeedPeer? other) => new(environment.Clock)
    {
        Repeats = parsed.GetValue(repeats) ?? UsualRepeats,
        Seconds = parsed.GetValue(seconds) ?? UsualSeconds,
        Precision = parsed.GetValue(precision),
        Peer = other,
        Report = environment.Error.WriteLine,
    };

    private string Kernels(CliEnvironment environment, ParseResult parsed, ISpeedCase row)
    {
        var shares = KernelShare.Of(row, Bench(environment, parsed, other: null), environment.Stop);
        TableDisplay.Write(environment, KernelTable.Of(row, shares));
        return KernelTable.File(row, shares);
    }

    private string Memory(CliEnvironment environment, ParseResult parsed, ISpeedCase row)
    {
        var trace = MemoryTrace.Of(row, parsed.GetValue(precision), parsed.GetValue(steps) ?? UsualSteps,
            point => environment.Error.WriteLine(FormattableString.Invariant($"step {point.Step:0}: {point.Resident:0} MiB")),
            environment.Stop);
        TableDisplay.Write(environment, MemoryTable.Of(trace));
        return MemoryTable.File(trace);
    }

    private string Profile(CliEnvironment environment, ParseResult parsed, ISpeedCase row)
    {
        var found =
            SpeedProfile.Of(row, parsed.GetValue(precision), parsed.GetValue(seconds) ?? UsualSeconds, environment.Clock, environment.Stop);
        TableDisplay.Write(environment, ProfileTable.Of(found));
        return ProfileTable.File(found);
    }
}

/// <summary>The option that names a Python, and third-party code that it may run.</summary>
internal static class PeerOption
{
    private const int MostWords = 2;

    public static Option<string[]> Of()
    {
        var option = new Option<string[]>("--peer")
        {
            Description =
                "Measure another implementation in turn with ours: a Python that has PyTorch 2 trains and samples the same networks, "
                    + "compiled; with a checkout of github.com/kuleshov-group/mdlm behind it, MDLM's own code",
            HelpName = "python [checkout]",
            Arity = ArgumentArity.ZeroOrMore, // the number allowed is checked below
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
                result.AddError(
                    "a Python is needed behind it, and for MDLM's own code a checkout of kuleshov-group/mdlm\nWrite for example --peer "
                        + "python3.");
            else if (result.Tokens.Count > MostWords)
                result.AddError(
                    $"a Python and perhaps a checkout of kuleshov-group/mdlm are wanted behind it, but there are {result.Tokens.Count} "
                        + $"arguments\nPut a Python that is started with arguments into quotes: --peer \"chroot /srv/debian python3\".");
            else if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("an argument behind it is empty\nWrite for example --peer python3, or --peer python3 ../mdlm.");
        });
        return option;
    }
}

/// <summary>An option that is a type of products, as definitions call it.</summary>
internal static class PrecisionOption
{
    // What libtorch calls it.
    private static readonly KeyValuePair<string, Precision> Long = new("bfloat16", Precision.BFloat16);

    public static Option<Precision?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "type",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach (var pair in PrecisionNames.All.Append(Long))
            {
                if (pair.Key == text)
                    return pair.Value;
            }

            result.AddError(
                $"'{text}' is no type of products\n{Spelling.Advice(text, [.. PrecisionNames.All.Select(pair => pair.Key)], "types")}");
            return null;
        },
    };
}
