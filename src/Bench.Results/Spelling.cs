namespace Bench.Results;

/// <summary>Finds the known name that was probably meant.</summary>
public static class Spelling
{
    /// <summary>"Did you mean 'width'? Known keys: kind, width, depth." or the second half alone.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What can be written.</param>
    /// <param name="things">What those are called: "keys".</param>
    public static string Advice(string word, IReadOnlyList<string> known, string things) => known.Count == 0
        ? $"There are no {things} here; leave it out."
        : (Closest(word, known) is { } meant ? $"Did you mean '{meant}'? " : "") + $"Known {things}: {string.Join(", ", known)}.";

    /// <summary>The known word that takes the fewest edits, if those are no more than a third of the word.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        var (meant, edits) = known
            .Select(candidate => (candidate, Edits(word, candidate)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return edits <= Math.Max(1, Math.Min(word.Length, meant.Length) / 3) ? meant : null;
    }

    /// <summary>Letters added, dropped, changed, or swapped with their neighbour, whatever their case (Damerau 1964, Levenshtein 1966).</summary>
    public static int Edits(string from, string to)
    {
        const int MostLetters = 64; // what is longer is no misspelt name
        if (Math.Max(from.Length, to.Length) > MostLetters)
            return int.MaxValue;
        var distance = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int changed = IsSame(from[i - 1], to[j - 1]) ? 0 : 1;
                distance[i, j] = Math.Min(distance[i - 1, j - 1] + changed, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                if (i > 1 && j > 1 && IsSame(from[i - 1], to[j - 2]) && IsSame(from[i - 2], to[j - 1]))
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }

        return distance[from.Length, to.Length];
    }

    private static bool IsSame(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
