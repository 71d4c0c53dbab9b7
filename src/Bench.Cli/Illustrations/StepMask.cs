using Bench.Attention;
using Bench.Hyperschedules;

namespace Bench.Cli.Illustrations;

/// <summary>Who attends to whom in the network call of a step. Columns behind which nothing but noise is left are not part of it, and blocked.</summary>
internal static class StepMask
{
    /// <summary>[L][L] query by key; in a shifted view a column stands for the position that it predicts.</summary>
    public static bool[][] Of(Hyperschedule hyperschedule, int step, BackboneView view)
    {
        var positions = Enumerable.Range(0, hyperschedule.Length);
        var layout = SequenceLayout.Step(hyperschedule, step, hyperschedule.WindowAt(step), view);
        return [.. positions.Select(query => positions.Select(key => Math.Max(query, key) < layout.Columns && layout.Sees(0, query, key)).ToArray())];
    }

    /// <summary>A step that shows what is special about a hyperschedule: some way behind the middle, where even two blocks are not at their border.</summary>
    public static int Telling(Hyperschedule hyperschedule) => (int)(hyperschedule.Steps * 5L / 8);
}
