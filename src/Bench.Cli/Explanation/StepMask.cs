using Bench.Hyperschedules;
using Bench.Models;

namespace Bench.Cli.Explanation;

/// <summary>Who attends to whom in the network call of a step. Columns behind which nothing but noise is left are not part of it, and blocked.</summary>
internal static class StepMask
{
    /// <summary>[L][L] query by key; in a shifted view a column stands for the position that it predicts.</summary>
    public static bool[][] Of(Hyperschedule path, int step, BackboneView view)
    {
        var positions = Enumerable.Range(0, path.Length);
        var layout = Layout.Step(path, step, path.WindowAt(step), view);
        return [.. positions.Select(query => positions.Select(key => Math.Max(query, key) < layout.Columns && layout.Sees(0, query, key)).ToArray())];
    }

    /// <summary>A step that shows what is special about a hyperschedule: some way behind the middle, where even two blocks are not at their border.</summary>
    public static int Telling(Hyperschedule path) => (int)(path.Steps * 5L / 8);
}
