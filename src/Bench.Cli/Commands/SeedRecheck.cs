using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary>More seeds for methods that look worse by numbers that draws go into.</summary>
/// <remarks>
/// Trainings this short have heavier tails than Student's t allows for: one of a hundred seeds gets stuck. Bad luck does not strike three
/// seeds; what is worse is worse with all of them.
/// </remarks>
/// <param name="session">Where the results lie.</param>
/// <param name="definition">A file that asks for the same runs with more seeds.</param>
/// <param name="jobs">How many runs are at work at once.</param>
internal sealed class SeedRecheck(Session session, string definition, int jobs)
{
    /// <summary>How many seeds a doubtful method is judged by.</summary>
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
        session.Here.Output.WriteLine($"{names} may look worse by bad luck: {Seeds} seeds decide.");
        return campaign.Execute(plan.WithMoreSeeds(ids, Seeds), retry: false, jobs);
    }
}
