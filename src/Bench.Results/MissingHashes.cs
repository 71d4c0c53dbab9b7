using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>Says which results cannot be checked: runs that were finished by a version that kept no hashes of their files.</summary>
public static class MissingHashes
{
    /// <summary>A sentence for readers of numbers of these runs; null where every finished one can be checked.</summary>
    public static string? Note(IEnumerable<RunRecord> runs) => runs.Count(run => run.LacksHashes) switch
    {
        0 => null,
        1 => "1 finished run carries no hashes of its files, since an earlier version wrote it: a change to the files would go unnoticed.",
        int count => $"{count} finished runs carry no hashes of their files, since an earlier version wrote them: "
            + "a change to the files would go unnoticed.",
    };
}
