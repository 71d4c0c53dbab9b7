namespace Bench.Sampling.Released;

/// <summary>A token of a batch.</summary>
internal readonly record struct Place(int Row, int Column)
{
    /// <summary>Those of some columns, row by row.</summary>
    public static Place[] Of(int rows, int begin, int end) => [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(begin, end - begin) select new Place(row, column)];
}
