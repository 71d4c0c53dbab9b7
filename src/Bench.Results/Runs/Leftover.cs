namespace Bench.Results.Runs;

/// <summary>What a killed process leaves half written: files of <see cref="AtomicFile"/> that never got their name.</summary>
internal static class Leftover
{
    /// <summary>How such files end.</summary>
    public const string Ending = ".tmp";

    // No run makes links, so that a link is not a leftover.
    private static readonly EnumerationOptions Plain = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Those in a folder and in all below it.</summary>
    public static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "*" + Ending, Plain);

    /// <summary>Deletes them. The folder has to be held: a process at work has such files for a moment.</summary>
    /// <exception cref="SuiteException">The folder is read-only.</exception>
    public static void Sweep(string folder) => Storage.Guard(folder, () =>
    {
        foreach (string file in In(folder).ToList())
            File.Delete(file);
    });
}
