using Bench.Kernels.Ranks;

namespace Bench.Training.Parallel;

/// <summary>The rows of a batch that one rank computes.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">Behind the last.</param>
internal readonly record struct RowShare(int First, int End)
{
    /// <summary>How many.</summary>
    public int Rows => End - First;

    /// <summary>
    /// A rank's part of a batch: neighbouring rows, rank by rank, whose numbers differ by one at most. All rows without ranks.
    /// </summary>
    /// <param name="rows">B: rows of the batch.</param>
    /// <param name="ranks">Null for a process of its own.</param>
    public static RowShare Of(int rows, IRanks? ranks) => ranks is null ? new(0, rows) : Of(rows, ranks.Rank, ranks.Count);

    /// <summary>The same of a rank by its number.</summary>
    public static RowShare Of(int rows, int rank, int ranks) => new(Bound(rows, rank, ranks), Bound(rows, rank + 1, ranks));

    private static int Bound(int rows, int rank, int ranks) => (int)((long)rows * rank / ranks);
}
