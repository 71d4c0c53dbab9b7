namespace Bench.Sampling;

/// <summary>
/// The sequences that a call of the network is for, in their order: sequences do not see each other, so that those of which nothing is
/// asked are left out.
/// </summary>
internal sealed class AskedRows
{
    private readonly int[] places; // of each sequence; −1 where it is left out

    private AskedRows(int[] places) =>
        (this.places, Numbers) = (places, [.. Enumerable.Range(0, places.Length).Where(row => places[row] >= 0)]);

    /// <summary>Their numbers, ascending.</summary>
    public int[] Numbers { get; }

    /// <summary>B: how many.</summary>
    public int Count => Numbers.Length;

    /// <summary>Whether none is left out.</summary>
    public bool AreAll => Numbers.Length == places.Length;

    /// <summary>All of so many.</summary>
    public static AskedRows All(int rows) => new([.. Enumerable.Range(0, rows)]);

    /// <summary>Those of asked tokens.</summary>
    /// <param name="asked">Indices of tokens.</param>
    /// <param name="rows">How many sequences there are.</param>
    /// <param name="length">L.</param>
    public static AskedRows Of(IReadOnlyList<int> asked, int rows, int length)
    {
        var found = new int[rows];
        Array.Fill(found, -1);
        for (int m = 0; m < asked.Count; m++)
            found[asked[m] / length] = 0;
        int count = 0;
        foreach (ref int place in found.AsSpan())
            place = place < 0 ? place : count++;
        return new AskedRows(found);
    }

    /// <summary>Where a sequence stands in the call.</summary>
    public int PlaceOf(int row) => places[row];
}
