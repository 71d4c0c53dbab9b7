using Bench.Sampling.Samplers;

namespace Bench.Sampling;

/// <summary>All samplers by name. A new sampler is a new row.</summary>
public static class SamplerTable
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<SamplerRow> Rows { get; } =
    [
        new("ancestral", "the posterior step; for AR, token by token", null, _ => new Ancestral()),
        new("d3pm", "the posterior step of networks that predict masks, too", null, _ => new D3pmAncestral()),
        new("analytic", "the exact step of networks that give scores", null, _ => new Analytic(ScaledBySigma: false)),
        new("analytic-scaled", "the same, of scores that are scaled by sigma", null, _ => new Analytic(ScaledBySigma: true)),
        new("euler", "the first-order step of networks that give scores", null, _ => new Euler(ScaledBySigma: false)),
        new("euler-scaled", "the same, of scores that are scaled by sigma", null, _ => new Euler(ScaledBySigma: true)),
        new("mdlm-cached", "ancestral; distributions are kept while a sequence does not change", null, _ => new MdlmCached()),
        new("remask", "ancestral; all masks are filled and masked again", null, _ => new Remask()),
        new("first-hitting", "the limit of infinitely many steps: a call a token", null, _ => new FirstHitting()),
        new("remdm-cap", "tokens are masked again at a capped rate", Share("the cap", 0.04), cap => new ReMdm(cap)),
        new("remdm-rescale", "tokens are masked again at a share of the highest rate", Share("the share", 0.015),
            share => new ReMdmRescale(share)),
        new("remdm-conf", "the least confident tokens are masked again", null, _ => new ReMdmConfidence()),
        new("remdm-loop", "nine tokens in ten, then masking and revealing, then the rest", Share("the rate", 0.02),
            rate => new ReMdmLoop(rate)),
        new("forward-backward", "every step is taken back and taken again", null, _ => new ForwardBackward()),
        new("psi", "predictor and corrector: 1 is ancestral", Share("the predictor's share", 0.9), kappa => new Psi(kappa)),
        new("gibbs", "ancestral; after each step positions are drawn anew, one by one, given the others",
            new("the number of corrections a step", 0, 64, 2) { IsWhole = true }, corrections => new GibbsCorrection((int)corrections)),
        new("acs", "ancestral; tokens are drawn anew at random", Share("eta", 0.25), eta => new AdaptiveCorrection(eta)),
        new("acs-confident", "ancestral; the least confident tokens are drawn anew", Share("eta", 0.25),
            eta => new LeastConfidentCorrection(eta)),
        new("left-to-right", "masks from left to right", null, _ => new ByConfidence(ConfidenceOrder.LeftToRight)),
        new("max-probability", "masks with the most probable tokens first", null, _ => new ByConfidence(ConfidenceOrder.MaxProbability)),
        new("margin", "masks with the clearest winner first", null, _ => new ByConfidence(ConfidenceOrder.Margin)),
        new("entropy", "masks of least entropy first", null, _ => new ByConfidence(ConfidenceOrder.Entropy)),
        new("entropy-bounded", "tokens of least entropy first, as many as gamma nats allow", new("gamma", 0, double.MaxValue, 0.5),
            gamma => new EntropyBounded(gamma)),
        new("self-correction", "ancestral; then the surest correction, one by one", null, _ => new SelfCorrection(new Ancestral())),
    ];

    /// <summary>A name for each, with a usual number where it has one.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rows.Select(row => row.Example)];

    /// <summary>The sampler of a name; null where <see cref="Problem"/> has something to say.</summary>
    public static ISampler? Find(string name) => Row(name)?.Read(name).Sampler;

    /// <summary>What is wrong with a name; null where it is a sampler's.</summary>
    public static string? Problem(string name) => Row(name) is { } row ? row.Read(name).Problem : $"there is no sampler '{name}'";

    // Of names that begin alike the longest: acs-confident-0.25 is no acs.
    private static SamplerRow? Row(string name) => Rows.Where(row => row.Means(name)).MaxBy(row => row.Kind.Length);

    private static SamplerNumber Share(string meaning, double example) => new(meaning, 0, 1, example);
}
