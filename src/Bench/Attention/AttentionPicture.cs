namespace Bench.Attention;

/// <summary>Who may attend to whom, as characters: queries go down, keys across.</summary>
public static class AttentionPicture
{
    /// <summary>A line a query: # for a key that it may attend to, a dot for one that it may not.</summary>
    /// <param name="mask">[C][C] query by key.</param>
    /// <param name="width">Columns of a terminal: where they are too few, no space stands between keys.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<bool>> mask, int width = 120)
    {
        string between = (2 * mask.Count) - 1 <= width ? " " : "";
        return mask.Select(keys => string.Join(between, keys.Select(seen => seen ? '#' : '.')));
    }
}
