namespace Bench.Reporting.Regression;

/// <summary>What to do about a check that failed, for readers who see nothing but its log.</summary>
/// <param name="Baseline">The baseline's file.</param>
/// <param name="Commit">The commit that the baseline was measured at; null where it is unknown.</param>
public sealed record RegressionAdvice(string Baseline, string? Commit)
{
    /// <summary>One line a way out.</summary>
    public IReadOnlyList<string> Lines =>
    [
        $"If this was meant: measure the experiment with several seeds as {Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Baseline)) ?? "", "README.md")} says, then 'bench regress --baseline {Baseline} --results <folder> --update --reason \"why\"', and commit the file.",
        $"If it was not: 'git bisect start HEAD {Commit ?? "<a commit that passed>"}' and 'git bisect run make regress' find the commit that did it.",
        "If only the machine has changed: numbers with random draws may move about as much as between seeds, which is allowed for; one that moves further with another seed as well did not move by chance.",
    ];
}
