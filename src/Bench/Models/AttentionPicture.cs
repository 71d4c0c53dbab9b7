namespace Bench.Models;

/// <summary>Who may attend to whom in a network call, as characters: queries go down, keys across.</summary>
public static class AttentionPicture
{
    /// <summary>A line a query: # for a key that it may attend to, a dot for one that it may not.</summary>
    /// <param name="layout">The call; of its rows the first is shown.</param>
    /// <param name="width">Columns of a terminal: where they are too few, no space stands between keys.</param>
    public static IEnumerable<string> Lines(Layout layout, int width = 120)
    {
        var keys = Enumerable.Range(0, layout.Columns);
        string between = (2 * layout.Columns) - 1 <= width ? " " : "";
        return keys.Select(query => string.Join(between, keys.Select(key => layout.Sees(0, query, key) ? '#' : '.')));
    }
}
