using System.Collections.Immutable;
using Bench.Cli.Display;
using Bench.Reporting.Tables;

namespace Bench.Cli.Differences;

/// <summary>Files that two run folders do not have in common.</summary>
internal static class FileDifference
{
    private const int Chunk = 1 << 20; // bytes: checkpoints are larger than what can be held

    // They differ always, and mean nothing.
    private static readonly string[] Passing = ["log.txt", "run.lock"];

    public static TextTable Of(string left, string right) => TableDisplay.Words(
        "Files",
        ["File", "A", "B"],
        Files(left).Union(Files(right)).Order(StringComparer.Ordinal)
            .Select(file => (File: file, A: new FileInfo(Path.Combine(left, file)), B: new FileInfo(Path.Combine(right, file))))
            .Where(pair => !AreSame(pair.A, pair.B))
            .Select(pair => (ImmutableArray<string>)[pair.File, Size(pair.A), Size(pair.B)]));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(file => !Passing.Contains(file));

    private static bool AreSame(FileInfo a, FileInfo b)
    {
        if (!a.Exists || !b.Exists || a.Length != b.Length)
            return false;
        using FileStream left = a.OpenRead(), right = b.OpenRead();
        byte[] ours = new byte[Chunk], theirs = new byte[Chunk];
        int count;
        do
        {
            count = left.ReadAtLeast(ours, Chunk, throwOnEndOfStream: false);
            if (right.ReadAtLeast(theirs, Chunk, throwOnEndOfStream: false) != count || !ours.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count)))
                return false;
        }
        while (count == Chunk);
        return true;
    }

    private static string Size(FileInfo file) => file.Exists ? Quantity.Bytes(file.Length) : Table.Dash;
}
