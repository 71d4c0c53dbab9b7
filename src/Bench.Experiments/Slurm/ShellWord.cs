namespace Bench.Experiments.Slurm;

/// <summary>Words that a shell takes for nothing but themselves.</summary>
internal static class ShellWord
{
    /// <summary>The word in single quotes, in which nothing has a meaning but the quote itself.</summary>
    public static string Of(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Words of a command.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Of));
}
