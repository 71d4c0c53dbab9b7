using System.Globalization;

namespace Bench.Kernels.Ranks;

/// <summary>How many processors each rank of a machine computes on.</summary>
public static class SharedProcessors
{
    /// <summary>Processors that are told apart.</summary>
    public const int Most = 4096;

    private const string Status = "/proc/self/status", Entry = "Cpus_allowed_list:";

    /// <summary>The numbers of the processors that this process may use; by count alone where the system does not say which.</summary>
    public static int[] Own() =>
        File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Entry, StringComparison.Ordinal)) is { } line
            ? Read(line[Entry.Length..])
            : [.. Enumerable.Range(0, Environment.ProcessorCount)];

    /// <summary>Reads a list such as <c>0-3,8</c>.</summary>
    public static int[] Read(string list) =>
    [
        .. from range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
           let ends = Array.ConvertAll(range.Split('-'), end => int.Parse(end, CultureInfo.InvariantCulture))
           from processor in Enumerable.Range(ends[0], ends[^1] - ends[0] + 1)
           where processor < Most
           select processor,
    ];

    /// <summary>
    /// Threads of a rank: a processor that several ranks may use counts for each of them as a part. Where the launcher gave each rank
    /// processors of its own, a thread for each of these; where it did not, the machine's are divided.
    /// </summary>
    /// <param name="own">Numbers of the processors that the rank may use.</param>
    /// <param name="users">How many ranks may use each processor of the machine.</param>
    public static int Threads(IReadOnlyList<int> own, IReadOnlyList<int> users) =>
        Math.Max(1, (int)(own.Sum(processor => 1.0 / Math.Max(1, users[processor])) + 1e-9));
}
