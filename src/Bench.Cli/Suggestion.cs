namespace Bench.Cli;

/// <summary>What a mistyped word of the command line was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>"Did you mean 'run'? Known commands: plan, run." or the second half alone.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What can be written.</param>
    /// <param name="things">What those are called: "commands".</param>
    public static string Advice(string word, IReadOnlyCollection<string> known, string things) =>
        (Closest(word, known) is { } meant ? $"Did you mean '{meant}'? " : "") + $"Known {things}: {string.Join(", ", known)}.";

    // The known word with the fewest typing errors, if those are no more than a third of its letters.
    private static string? Closest(string word, IEnumerable<string> known) => known
        .Select(candidate => (candidate, errors: Errors(word, candidate)))
        .Where(pair => pair.errors <= Math.Max(1, Math.Min(word.Length, pair.candidate.Length) / 3))
        .OrderBy(pair => pair.errors)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    // Letters inserted, dropped, replaced or swapped with their neighbour (Damerau 1964).
    private static int Errors(string a, string b)
    {
        var errors = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                errors[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(errors[i - 1, j], errors[i, j - 1]) + 1, errors[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    errors[i, j] = Math.Min(errors[i, j], errors[i - 2, j - 2] + 1);
            }
        }

        return errors[a.Length, b.Length];
    }
}
