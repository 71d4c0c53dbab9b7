namespace Bench.Cli;

/// <summary>Whether results are of the code that lies here.</summary>
internal static class Checkout
{
    private const string Dirty = "-dirty";
    private const string Unknown = "unknown";

    // Enough of a commit's hash for people.
    private const int Shown = 12;

    /// <summary>Why the results may be of other code, in a line; null where they are of this, or nobody can know.</summary>
    /// <param name="measured">The commits of the results.</param>
    /// <param name="here">That of the work tree.</param>
    public static string? Doubt(IReadOnlyCollection<string> measured, string here)
    {
        string[] others = [.. measured.Where(commit => commit != here && commit != Unknown)];
        return here == Unknown ? null
            : others.Length > 0 ? $"These results are of commit {string.Join(", ", others.Select(Short))}, and this checkout is at {Short(here)}: run 'make regress', which trains anew."
            : here.EndsWith(Dirty, StringComparison.Ordinal) ? $"This checkout is at {Short(here)}: whether the results are of these changes only 'make regress' makes sure, which trains anew."
            : null;
    }

    private static string Short(string commit) =>
        commit.Length > Shown + Dirty.Length ? commit[..Shown] + (commit.EndsWith(Dirty, StringComparison.Ordinal) ? Dirty : "") : commit;
}
