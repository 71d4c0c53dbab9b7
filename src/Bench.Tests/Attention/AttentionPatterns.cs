using Bench.Attention;
using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Attention;

/// <summary>Hyperschedules of every kind, each looked at in every way.</summary>
internal static class AttentionPatterns
{
    public static readonly Hyperschedule[] Paths =
    [
        Hyperschedule.Flat(5, 3),
        Hyperschedule.Autoregressive(5),
        Hyperschedule.Block(6, 2, 3),
        Hyperschedule.Block(7, 3, 2),
        Hyperschedule.Block(6, 3, 1),
        Hyperschedule.Slide(7, 3, 1),
        Hyperschedule.Slide(7, 4, 2),
        Hyperschedule.BlockSlide(6, 3, 2),
        Hyperschedule.Block(4, 2, 2).WithPrefix(2),
        Hyperschedule.FromTable([[3, 3, 3, 3], [3, 1, 3, 3], [1, 0, 3, 3], [0, 0, 3, 1], [0, 0, 0, 0]], "out-of-order"),
        // settled tokens to the right of all that are active
        Hyperschedule.FromTable([[1, 1, 1, 1], [1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]], "from-the-right"),
        Hyperschedule.FromTable([[4, 4, 4, 4, 4], [3, 4, 4, 4, 4], [0, 2, 4, 4, 4], [0, 2, 3, 4, 4], [0, 0, 1, 1, 4], [0, 0, 0, 0, 0]],
            "uneven"),
    ];

    public static IEnumerable<BackboneView> Views =>
        from shifted in new[] { false, true }
        from block in new[] { AttentionKind.Full, AttentionKind.Causal }
        from context in Enum.GetValues<AttentionKind>()
        select new BackboneView(shifted, block, Conditioning.Sigma, context);

    /// <summary>Indices into <see cref="Paths"/>, and views that go with them.</summary>
    public static TheoryData<int, string, bool, AttentionKind, AttentionKind> All()
    {
        var data = new TheoryData<int, string, bool, AttentionKind, AttentionKind>();
        foreach (var (index, hyperschedule) in Paths.Index())
        {
            foreach (var view in Views.Where(view => !view.Shifted || AttentionPattern.IsLeftToRight(hyperschedule)))
                data.Add(index, hyperschedule.Name, view.Shifted, view.Block, view.Context);
        }

        return data;
    }
}
