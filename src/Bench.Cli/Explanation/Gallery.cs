using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Models;
using Bench.Reporting.Figures;
using Bench.Reporting.Paper;

namespace Bench.Cli.Explanation;

/// <summary>The pictures that explain the methods: hyperschedules, attention masks and noise processes.</summary>
internal static class Gallery
{
    /// <summary>Positions in each.</summary>
    public const int UsualLength = 32;

    // Hyperschedules, and whose they are.
    private static readonly (string Title, string Method)[] Shown =
        [("autoregressive", "ar"), ("block", "bd3lm"), ("flat", "mdlm"), ("slide", "gamma-slide"), ("block-slide", "gamma-block-slide")];

    // What the paper's figures show: 20 positions, blocks and windows of 4.
    private const int PaperLength = 20;
    private const int PaperWidth = 4;

    /// <summary>Those of the report: what methods do as they are trained here.</summary>
    public static IReadOnlyList<PictureGrid> Of(int length = UsualLength)
    {
        var methods = Shown.Select(entry => (entry.Title, (NetworkMethod)MethodTable.Find(entry.Method)!)).ToList();
        return [HyperschedulePanels.Of(methods, length), AttentionPanels.Of(methods, length), NoisePanels.Grid];
    }

    /// <summary>Those of the paper, with its lengths and widths (HDLM, arXiv 2504.06416).</summary>
    public static PaperPictures OfPaper()
    {
        var block = Hyperschedule.Block(PaperLength, PaperWidth, PaperWidth);
        var aligned = new BackboneView(Shifted: false, Attention.Full, Conditioning.Constant, Attention.Causal);
        var blockCausal = aligned with { Context = Attention.BlockCausal };
        return new PaperPictures(
            Hyperschedules: HyperschedulePanels.Of(
            [
                ("quenched", "quenched (AR)", Hyperschedule.Autoregressive(PaperLength)),
                ("flat", "flat", Hyperschedule.Flat(PaperLength, PaperLength)),
                ("block", "block", block),
                ("slide", "slide", Hyperschedule.Slide(PaperLength, PaperWidth, rate: 1)),
                ("block-slide", "block-slide", Hyperschedule.BlockSlide(PaperLength, PaperWidth, PaperWidth)),
            ]),
            AttentionMasks: AttentionPanels.Of(
            [
                ("aligned", "aligned", block, aligned),
                ("shifted", "shifted", block, aligned with { Shifted = true }),
                ("block-causal", "block-causal context", block, blockCausal),
                ("causal-block", "causal block", block, aligned with { Block = Attention.Causal }),
            ]),
            TrainingMasks: AttentionPanels.Doubled(
            [
                ("aligned", "aligned", blockCausal),
                ("shifted", "shifted", blockCausal with { Shifted = true }),
                ("causal", "causal context and block", aligned with { Block = Attention.Causal }),
            ],
            length: 3 * PaperWidth,
            PaperWidth),
            NoiseProcesses: NoisePanels.Grid);
    }
}
