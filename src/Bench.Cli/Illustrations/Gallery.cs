using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Globalization;
using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reporting;
using Bench.Reporting.Figures;
using Bench.Results;

namespace Bench.Cli.Illustrations;

/// <summary>The pictures that explain the methods: hyperschedules, attention masks and noise processes.</summary>
internal static class Gallery
{
    /// <summary>Positions in each.</summary>
    public const int UsualLength = 32;

    // Hyperschedules, and the methods they belong to.
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
        var aligned = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant, AttentionKind.Causal);
        var blockCausal = aligned with { Context = AttentionKind.BlockCausal };
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
                ("causal-block", "causal block", block, aligned with { Block = AttentionKind.Causal }),
            ]),
            TrainingMasks: AttentionPanels.Doubled(
            [
                ("aligned", "aligned", blockCausal),
                ("shifted", "shifted", blockCausal with { Shifted = true }),
                ("causal", "causal context and block", aligned with { Block = AttentionKind.Causal }),
            ],
            length: 3 * PaperWidth,
            PaperWidth),
            NoiseProcesses: NoisePanels.Grid);
    }
}

/// <summary>Hyperschedules of methods: the level by step (rows) and position (columns), as a share of the depth.</summary>
internal static class HyperschedulePanels
{
    public static PictureGrid Of(IEnumerable<(string Title, NetworkMethod Method)> methods, int length) =>
        Of(methods.Select(entry => (entry.Method.Name, entry.Title, entry.Method.Hyperschedule(length, length))));

    /// <summary>Any hyperschedules of one length, each with a name for its file.</summary>
    public static PictureGrid Of(IEnumerable<(string Name, string Title, Hyperschedule Path)> paths)
    {
        var all = paths.ToList();
        return new(
            "hyperschedules",
            PictureKind.Levels,
            $"Noise level of {all[0].Path.Length} positions (across) in the course of generation (down): dark is pure noise, white is " +
                "settled.",
            [.. all.Select(entry => new PicturePanel(entry.Name, entry.Title, Rows(entry.Path)))]);
    }

    private static ImmutableArray<ImmutableArray<string>> Rows(Hyperschedule hyperschedule) =>
        [.. Enumerable.Range(0, hyperschedule.Steps + 1)
            .Select(step => Enumerable.Range(0, hyperschedule.Length)
                .Select(i => hyperschedule.TimeAt(step, i).ToString("0.####", CultureInfo.InvariantCulture)).ToImmutableArray())];
}

/// <summary>
/// Attention masks of methods in the course of generation: query (rows) by key (columns), 0 where it may not attend, else what the query
/// is.
/// </summary>
internal static class AttentionPanels
{
    private const string Name = "attention-masks";
    private const string NotAttended = "0";
    private const string Settled = "1";
    private const string Active = "2";

    public static PictureGrid Of(IEnumerable<(string Title, NetworkMethod Method)> methods, int length) =>
        Of(methods.Select(entry => (entry.Method.Name, entry.Title, entry.Method.Hyperschedule(length, length), entry.Method.View)));

    /// <summary>Steps of generation along any hyperschedules of one length, each with a name for its file.</summary>
    public static PictureGrid Of(IEnumerable<(string Name, string Title, Hyperschedule Path, BackboneView View)> steps)
    {
        var all = steps.ToList();
        return new(
            Name,
            PictureKind.Attention,
            $"Which of {all[0].Path.Length} positions (across) a position (down) attends to in a step of generation: settled ones (grey) " +
                "and active ones (blue). Those behind them are not given to the network.",
            [.. all.Select(entry => new PicturePanel(entry.Name, entry.Title, Step(entry.Path, entry.View)))]);
    }

    /// <summary>The pass of training that has every token twice, clean ones first: all steps of a hyperschedule at once.</summary>
    public static PictureGrid Doubled(IEnumerable<(string Name, string Title, BackboneView View)> views, int length, int width) => new(
        $"{Name}-training",
        PictureKind.Attention,
        $"Training on all {length / width} blocks of {width} tokens in one pass: every token is there twice, clean (grey) and noisy " +
            "(blue). A noisy block sees itself and the clean blocks before it.",
        [.. views.Select(
            entry => new PicturePanel(
                entry.Name, entry.Title, Pass(Hyperschedule.Block(length, width, depth: width), width, entry.View)))]);

    private static ImmutableArray<ImmutableArray<string>> Step(Hyperschedule hyperschedule, BackboneView view)
    {
        int step = StepMask.Telling(hyperschedule);
        var mask = StepMask.Of(hyperschedule, step, view);
        return Square(hyperschedule.Length, (query, key) => Sign(hyperschedule.RegionAt(step, query), mask[query][key]));
    }

    private static ImmutableArray<ImmutableArray<string>> Pass(Hyperschedule hyperschedule, int width, BackboneView view)
    {
        // Every block at its first step.
        ImmutableArray<int> steps = [.. Enumerable.Range(0, hyperschedule.Length).Select(i => i / width * width)];
        var layout =
            SequenceLayout.Doubled(hyperschedule, [new LevelDraw(steps, [.. steps.Select(_ => 1.0)], Next: null, Weight: 1)], view);
        return Square(
            layout.Slots,
            (query, key) => Sign(query < hyperschedule.Length ? Region.Settled : Region.Active, layout.Sees(0, query, key)));
    }

    private static ImmutableArray<ImmutableArray<string>> Square(int size, Func<int, int, string> sign) =>
        [.. Enumerable.Range(0, size).Select(query => Enumerable.Range(0, size).Select(key => sign(query, key)).ToImmutableArray())];

    private static string Sign(Region query, bool attends) => !attends ? NotAttended : query == Region.Settled ? Settled : Active;
}

/// <summary>
/// The attention mask of the network call of a step. Positions behind which all is pure noise are not part of the call, and masked.
/// </summary>
internal static class StepMask
{
    /// <summary>[L][L] query by key; in a shifted view a slot stands for the position that it predicts.</summary>
    public static bool[][] Of(Hyperschedule hyperschedule, int step, BackboneView view)
    {
        var positions = Enumerable.Range(0, hyperschedule.Length);
        var layout = SequenceLayout.Step(hyperschedule, step, hyperschedule.WindowAt(step), view);
        return [.. positions.Select(
            query => positions.Select(key => Math.Max(query, key) < layout.Slots && layout.Sees(0, query, key)).ToArray())];
    }

    /// <summary>
    /// A step that shows what is special about a hyperschedule: some way behind the middle, where even two blocks are not at their border.
    /// </summary>
    public static int Telling(Hyperschedule hyperschedule) => (int)(hyperschedule.Steps * 5L / 8);
}

/// <summary>Marginals of noise processes over time: t, and the weights of their parts.</summary>
internal static class NoisePanels
{
    /// <summary>The columns.</summary>
    public static readonly ImmutableArray<string> Header = ["t", .. Marginal.Clean.Parts.Select(part => part.Name)];

    private const int Intervals = 200;

    /// <summary>Processes with more uniform noise than methods use: theirs could not be seen.</summary>
    public static PictureGrid Grid { get; } = new(
        "noise-processes",
        PictureKind.Shares,
        "The marginals of a token at noise time t: kept (blue), a uniformly drawn token (orange), the mask (grey). Uniform noise is " +
            "stronger here than methods have it, so as to be seen.",
        [
            Panel("absorbing", "absorbing", new Absorbing()),
            Panel("uniform", "uniform", new Uniform()),
            Panel("gamma", "γ-hybrid, γ = 0.3", new GammaHybrid(0.3)),
            Panel("epsilon", "ε-hybrid, ε = 0.2", new EpsilonHybrid(0.2)),
            Panel("gidd", "GIDD, p = 0.3", new Gidd(0.3)),
        ]);

    /// <summary>A row a time, from 0 to 1.</summary>
    public static IEnumerable<ImmutableArray<string>> Rows(INoiseProcess process, INoiseSchedule schedule, int intervals) =>
        from n in Enumerable.Range(0, intervals + 1)
        let t = (double)n / intervals
        let parts = process.At(schedule.Sigma(t)).Parts
        // at time 0 weights may be −0
        select ImmutableArray.CreateRange([CsvFormat.Field(t), .. parts.Select(part => CsvFormat.Field(Math.Abs(part.Weight)))]);

    private static PicturePanel Panel(string name, string title, INoiseProcess process) =>
        new(name, title, [Header, .. Rows(process, new LogLinear(Epsilon: 0), Intervals)]);
}
