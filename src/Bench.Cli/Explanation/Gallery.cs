using Bench.Methods;
using Bench.Reporting.Figures;

namespace Bench.Cli.Explanation;

/// <summary>The pictures that explain the methods: hyperschedules, attention masks and noise processes.</summary>
internal static class Gallery
{
    /// <summary>Positions in each.</summary>
    public const int UsualLength = 32;

    // Hyperschedules, and whose they are.
    private static readonly (string Title, string Method)[] Shown =
        [("autoregressive", "ar"), ("block", "bd3lm"), ("flat", "mdlm"), ("slide", "gamma-slide"), ("block-slide", "gamma-block-slide")];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PictureGrid> Of(int length = UsualLength)
    {
        var methods = Shown.Select(entry => (entry.Title, (NetworkMethod)MethodTable.Find(entry.Method)!)).ToList();
        return [HyperschedulePanels.Of(methods, length), AttentionPanels.Of(methods, length), NoisePanels.Grid];
    }
}
