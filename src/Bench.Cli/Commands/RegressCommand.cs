using System.CommandLine;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary><c>bench regress</c>: fresh results against guarded metrics; fails where one is worse.</summary>
internal sealed class RegressCommand
{
    private const string Usual = "baselines/ci/smoke.csv";

    private readonly Option<string> baseline =
        new("--baseline") { Description = "File of guarded metrics", HelpName = "file", DefaultValueFactory = _ => Usual };

    private readonly Option<bool> all = new("--all") { Description = "Show what did not move, too" };
    private readonly Option<string?> junit =
        new("--junit") { Description = "Write the check as JUnit XML: a test for each guarded metric", HelpName = "file" };
    private readonly Option<string?> markdown =
        new("--markdown") { Description = "Write the check as Markdown, for a CI summary", HelpName = "file" };
    private readonly Option<double?> falseAlarms = RealNumber.Option(
        "--false-alarms", "Probability that the check fails on unchanged code; 0.01 unless given; smaller values detect less", 1e-6, 0.5, "0.05");
    private readonly Option<string?> again = new("--again")
    {
        Description = $"Rerun methods that fail by a random metric with {SeedRecheck.Seeds} seeds of this definition, to rule out chance",
        HelpName = "definition",
    };
    private readonly Option<int?> jobs = JobsOption.Of();
    private readonly Option<bool> update =
        new("--update") { Description = "Write the baseline anew from these results, of several seeds: their spread is the tolerance" };
    private readonly Option<string?> reason =
        new("--reason") { Description = "Why; with --update. It is kept in history.csv beside the baseline", HelpName = "text" };
    private readonly Option<string[]> methods = new("--methods")
    {
        Description = "Of these methods alone; with --update. Rows of others stay as they are",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> experiment =
        new("--experiment") { Description = "Which experiment of the results; by default that of the baseline", HelpName = "name" };

    public static Command Of(Func<ParseResult, Session> open)
    {
        var options = new RegressCommand();
        var command = new Command("regress", "Compare the results with guarded metrics; fails where one is worse")
        {
            options.baseline, options.all, options.junit, options.markdown, options.falseAlarms, options.again, options.jobs,
            options.update, options.reason, options.methods, options.experiment,
        };
        command.SetAction(parsed =>
        {
            options.Check(parsed);
            var session = open(parsed);
            return parsed.GetValue(options.update) ? options.Update(session, parsed) : options.Compare(session, parsed);
        });
        return command;
    }

    private void Check(ParseResult parsed)
    {
        var problems = new List<Problem>();
        bool updates = parsed.GetValue(update);
        if (updates && string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            problems.Add(
                new("--reason", "an update says why", "Add --reason \"why these numbers may change\"; it is kept in history.csv."));
        if (!updates && parsed.GetValue(reason) is not null)
            problems.Add(new("--reason", "a reason belongs to an update", "Add --update, or leave it out."));
        if (!updates && parsed.GetValue(methods) is { Length: > 0 })
            problems.Add(new("--methods", "a check is of all methods", "Add --update, or leave it out."));
        foreach (var option in new[] { again, junit, markdown }.Where(option => updates && parsed.GetValue(option) is not null))
            problems.Add(new(option.Name, "an update checks nothing", $"Leave {option.Name} out, or --update."));
        if (parsed.GetValue(jobs) is not null && parsed.GetValue(again) is null)
            problems.Add(new("--jobs", "nothing is run without --again", "Add --again <definition>, or leave --jobs out."));
        if (problems.Count > 0)
            throw new ProblemsException([.. problems]);
    }

    private int Compare(Session session, ParseResult parsed)
    {
        var (environment, file) = (session.Here, Guarded(session.Here, parsed));
        var before = Read(file);
        var fresh = Fresh(session, parsed.GetValue(experiment) ?? before.Experiment, before);
        var check = Check();
        if (parsed.GetValue(again) is { } definition && check.Doubtful.Length > 0)
        {
            int code = new SeedRecheck(session, definition, parsed.GetValue(jobs) ?? 1).Ask(check, fresh);
            if (code != ExitCodes.Success)
                return code;
            fresh = Fresh(session, fresh.Experiment, before);
            check = Check();
        }

        var advice = new RegressionAdvice(file, CommitOf(environment, file));
        if (parsed.GetValue(junit) is { } xml)
            AtomicFile.Write(xml, JUnitReport.Write(check, advice, environment.Clock.GetUtcNow()));
        if (parsed.GetValue(markdown) is { } page)
            AtomicFile.Write(page, RegressionMarkdown.Write(check, advice));

        Show(environment, RegressionTable.Of(check, parsed.GetValue(all)));
        foreach (var row in check.Failures)
            TableDisplay.Line(environment, row.Sentence);
        foreach (string line in check.Failed ? advice.Lines : [])
            TableDisplay.Line(environment, $"    {line}");
        if (Checkout.Doubt(Commits(fresh), EnvironmentRecord.CommitOf(environment.Checkout)) is { } doubt)
            TableDisplay.Line(environment, doubt);
        if (MissingHashes.Note(RunsOf(fresh)) is { } note)
            TableDisplay.Line(environment, note);
        TableDisplay.Line(environment, check.Headline);
        return check.Failed ? ExitCodes.Failure : ExitCodes.Success;

        RegressionCheck Check() => RegressionCheck.Of(before, fresh, parsed.GetValue(falseAlarms) ?? Tolerance.Usual);
    }

    private int Update(Session session, ParseResult parsed)
    {
        var (environment, file) = (session.Here, Guarded(session.Here, parsed));
        var before = File.Exists(file) ? Read(file) : null;
        string[] names = parsed.GetValue(methods) ?? [];
        var results = Fresh(session, parsed.GetValue(experiment) ?? before?.Experiment, names.Length > 0 ? before : null);
        if (names.Length > 0 && before?.Experiment != results.Experiment)
            throw new ProblemsException(new Problem("--methods", $"{file} has no rows of {results.Experiment} that could stay",
                "Leave --methods out: the baseline is then made of all methods."));
        var chosen = names.Length > 0 ? Only(results, names) : results;
        Problem[] faults = [.. Baseline.Faults(chosen).Select(fault => new Problem(
            session.Store.Root, fault, "Run the experiment to its end with several seeds first; baselines/README.md says how."))];
        if (faults.Length > 0)
            throw new ProblemsException([.. faults]);

        var after = names.Length > 0 ? before!.With(Baseline.Of(results), names) : Baseline.Of(results);
        var check = before is null || before.Experiment != after.Experiment ? null : RegressionCheck.Of(before, after);
        string commit = string.Join(' ', Commits(chosen));
        var history = BaselineHistory.Beside(file);

        // Read before anything is written, and written last: a damaged history leaves both files as they were, and the history lists
        // no update that was not made.
        string recorded = Input(
            history.Path, _ => history.With(file, environment.Clock.GetUtcNow(), commit, parsed.GetValue(reason)!, check?.Moved ?? []));
        after.Write(file);
        AtomicFile.Write(history.Path, recorded);
        if (check is not null)
            Show(environment, RegressionTable.Of(check, all: false));
        TableDisplay.Line(environment, $"{file}: {after.Metrics.Length} metrics of {after.Experiment}, " +
            $"{after.Metrics.Max(metric => metric.Seeds)} seeds{(check is null ? "" : $"; {check.Moved.Count()} have moved")}. " +
            $"{history.Path} says why.");
        return ExitCodes.Success;
    }

    // A given path is relative to the working folder; the default file is the repository's.
    private string Guarded(CliEnvironment environment, ParseResult parsed) =>
        parsed.GetResult(baseline) is { Implicit: false } ? parsed.GetValue(baseline)! : RepositoryFiles.Find(Usual, environment.Checkout);

    private static Comparison Only(Comparison results, string[] names)
    {
        var known = results.Methods.ToDictionary(method => Baseline.NameOf(results, method));
        Problem[] unknown = [.. names.Where(name => !known.ContainsKey(name)).Select(name => new Problem(
            "--methods", $"the results have no method '{name}'", $"They have {string.Join(", ", known.Keys)}."))];
        return unknown.Length == 0 ? results with { Methods = [.. names.Distinct(StringComparer.Ordinal).Select(name => known[name])] }
            : throw new ProblemsException([.. unknown]);
    }

    private static string[] Commits(Comparison results) =>
        [.. RunsOf(results).Select(run => run.Environment?.Commit).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<RunRecord> RunsOf(Comparison results) => results.Methods.SelectMany(method => method.Runs);

    // The history is for advice only: a check goes on without it.
    private static string? CommitOf(CliEnvironment environment, string file)
    {
        try
        {
            return BaselineHistory.Beside(file).CommitOf(file);
        }
        catch (SuiteException unreadable)
        {
            environment.Error.WriteLine($"{unreadable.Message} {unreadable.Fix} The check goes on without it.");
            return null;
        }
    }

    private static void Show(CliEnvironment environment, Table table)
    {
        if (table.Rows.Length > 0)
            TableDisplay.Write(environment, TextTable.Of(table));
    }

    private static Baseline Read(string file) => Input(file, Baseline.Read);

    // Errors of a file that is only read are input errors.
    private static T Input<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (SuiteException unusable)
        {
            throw new ProblemsException(new Problem(file, unusable.Message, unusable.Fix));
        }
    }

    /// <summary>The results of an experiment on the baseline's text.</summary>
    private static Comparison Fresh(Session session, string? experiment, Baseline? before)
    {
        string root = session.Store.Root;
        Comparison[] found = [.. Comparison.All(session.Store.ReadAll())];
        string[] names = [.. found.Select(comparison => comparison.Experiment).Distinct(StringComparer.Ordinal)];
        if (names.Length == 0)
            throw Wrong("there are no results",
                "Run the experiment first ('make regress' runs the smoke profile), or name another folder with --results.");
        if (experiment is null && names.Length > 1)
            throw Wrong($"these are results of {names.Length} experiments", $"Choose one with --experiment: {string.Join(", ", names)}.");
        found = [.. found.Where(comparison => comparison.Experiment == (experiment ?? names[0]))];
        if (found.Length == 0)
            throw Wrong($"there are no results of the experiment {experiment}, only of {string.Join(", ", names)}",
                "Run it first, or name another folder with --results.");
        Comparison[] same = [.. found.Where(comparison => before is null || comparison.ShortHash == before.Data)];
        return same switch
        {
            [var one] => one,
            [] => throw Wrong(
                "these results were measured on other text than the baseline: " +
                    $"{string.Join(", ", found.Select(comparison => comparison.ShortHash))} instead of {before!.Data}",
                "Find out why the text has changed; if it was meant, make the baseline anew with --update --reason."),
            _ => throw Wrong(
                $"{experiment} was run on {same.Length} texts", "Keep the runs of one of them in a results folder of their own."),
        };

        ProblemsException Wrong(string what, string fix) => new(new Problem(root, what, fix));
    }
}

/// <summary>Whether results are of the code that lies here.</summary>
internal static class Checkout
{
    private const string Dirty = "-dirty", Unknown = "unknown";

    // Enough of a commit's hash for people.
    private const int Shown = 12;

    /// <summary>Why the results may be of other code, in a line; null where they are of this code, or where that is unknown.</summary>
    /// <param name="measured">The commits of the results.</param>
    /// <param name="here">That of the work tree.</param>
    public static string? Doubt(IReadOnlyCollection<string> measured, string here)
    {
        string[] others = [.. measured.Where(commit => commit != here && commit != Unknown)];
        return here == Unknown ? null
            : others.Length > 0
                ? $"These results are of commit {string.Join(", ", others.Select(Short))}, and this checkout is at {Short(here)}: run " +
                    "'make regress', which trains anew."
            : here.EndsWith(Dirty, StringComparison.Ordinal)
                ? $"This checkout is at {Short(here)}: whether the results are of these changes only 'make regress' makes sure, which " +
                    "trains anew."
            : null;
    }

    private static string Short(string commit) =>
        commit.Length > Shown + Dirty.Length ? commit[..Shown] + (commit.EndsWith(Dirty, StringComparison.Ordinal) ? Dirty : "") : commit;
}

/// <summary>More seeds for methods whose random metrics look worse.</summary>
/// <remarks>
/// Trainings this short have heavier tails than Student's t allows for: one of a hundred seeds gets stuck. Three more seeds show whether
/// the numbers are worse in general.
/// </remarks>
/// <param name="session">Where the results lie.</param>
/// <param name="definition">A file that asks for the same runs with more seeds.</param>
/// <param name="jobs">How many runs are at work at once.</param>
internal sealed class SeedRecheck(Session session, string definition, int jobs)
{
    /// <summary>Seeds of a recheck.</summary>
    public const int Seeds = 3;

    /// <summary>Runs what the definition asks for of the doubtful methods.</summary>
    /// <returns>An exit code: 0 when every run has finished.</returns>
    /// <exception cref="ProblemsException">The definition does not ask for these runs.</exception>
    public int Ask(RegressionCheck check, Comparison fresh)
    {
        var failing = check.Doubtful;
        MethodResult[] doubtful = [.. fresh.Methods.Where(method => failing.Contains(Baseline.NameOf(fresh, method)))];
        string names = string.Join(", ", doubtful.Select(method => method.Label));
        var campaign = new Campaign(session);
        var plan = campaign.Prepare([definition]);
        string[] ids = [.. doubtful.SelectMany(method => method.Runs).Select(run => run.Id)];
        string[] strange =
            [.. doubtful.Where(method => !method.Runs.Any(run => plan.Runs.Any(planned => planned.Id == run.Id)))
                .Select(method => method.Label)];
        if (strange.Length > 0)
            throw new ProblemsException(
                new Problem(definition, $"it does not ask for the runs of {string.Join(", ", strange)} in {session.Store.Root}",
                    "Name the definition that these results are of, with more seeds."));
        session.Here.Output.WriteLine($"{names} may look worse by chance: {Seeds} more seeds decide.");
        return campaign.Execute(plan.WithMoreSeeds(ids, Seeds), retry: false, jobs);
    }
}
