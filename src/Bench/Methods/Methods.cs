using Bench.Attention;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Sampling.Samplers;

namespace Bench.Methods;

/// <summary>All methods on one page. A new method is a new row.</summary>
public static class MethodTable
{
    // Positions that are denoised together in blocks and slides.
    private const int Width = 16;

    private const string Hdlm = "Fathi et al. 2025, arXiv 2504.06416";

    // Nothing is left clean at t = 1, so that the bound has no missing term and the sampler starts where training ended.
    private static readonly LogLinear Full = new(Epsilon: 0);

    // Where the network is given σ itself, it stays finite. Uniform noise pays for what is left with a prior term of 1e-5 nats.
    private static readonly LogLinear Published = new(Epsilon: 1e-3);

    private static readonly GammaHybrid Gamma = new(0.01);
    private static readonly EpsilonHybrid Epsilon = new(0.01);

    private static readonly HyperscheduleChoice Block = HyperscheduleChoice.Block(Width);
    private static readonly HyperscheduleChoice Slide = HyperscheduleChoice.Slide(Width, rate: 1);
    private static readonly HyperscheduleChoice BlockSlide = HyperscheduleChoice.BlockSlide(Width);

    private static readonly ObjectiveChoice Limit = ObjectiveChoice.Nelbo(continuous: true);
    private static readonly ObjectiveChoice Stepwise = ObjectiveChoice.Nelbo(continuous: false);

    private static readonly BackboneView Constant = new(Shifted: false, AttentionKind.Full, Conditioning.Constant);
    private static readonly BackboneView Unconditioned = new(Shifted: false, AttentionKind.Full, Conditioning.Absent);
    private static readonly BackboneView Sigma = new(Shifted: false, AttentionKind.Full, Conditioning.Sigma);
    private static readonly BackboneView Time = new(Shifted: false, AttentionKind.Full, Conditioning.Time);

    /// <summary>The rows, baselines first.</summary>
    public static IReadOnlyList<IMethod> All { get; } =
    [
        new RealText(),
        .. Enumerable.Range(1, 6).Select(order => new NGram(order)),

        new NetworkMethod("ar", "AR (GPT)", "Radford et al. 2019", "chain rule",
            new Absorbing(), Full, HyperscheduleChoice.Autoregressive(),
            ObjectiveChoice.NextToken(), new BackboneView(Shifted: true, AttentionKind.Causal, Conditioning.Absent), new Ancestral()),

        new NetworkMethod("d3pm", "D3PM absorb", "Austin et al. 2021, arXiv 2107.03006", "(1)",
            // generates in as many steps as are asked for; T = 1000 in the bound, as published
            new Absorbing(), Full, HyperscheduleChoice.Flat(),
            ObjectiveChoice.D3pm(steps: 1000, reconstructs: false), Time, new D3pmAncestral()),

        new NetworkMethod("sedd-absorb", "SEDD absorb", "Lou et al. 2024, arXiv 2310.16834", "(5)",
            new Absorbing(), Full, HyperscheduleChoice.Flat(),
            ObjectiveChoice.ScoreEntropy(scaledBySigma: true), Time, new Analytic(ScaledBySigma: true)),

        new NetworkMethod("sedd-uniform", "SEDD uniform", "Lou et al. 2024, arXiv 2310.16834", "(5)",
            new Uniform(), Published, HyperscheduleChoice.Flat(),
            ObjectiveChoice.ScoreEntropy(scaledBySigma: false), Sigma, new Analytic(ScaledBySigma: false)),

        new NetworkMethod("mdlm", "MDLM", "Sahoo et al. 2024, arXiv 2406.07524", "(10)",
            new Absorbing(), Full, HyperscheduleChoice.Flat(),
            ObjectiveChoice.MaskedNelbo(), Constant, new Ancestral()),

        new NetworkMethod("bd3lm", "BD3-LM", "Arriola et al. 2025, arXiv 2503.09573", "(8)",
            new Absorbing(), Full, Block,
            ObjectiveChoice.MaskedNelbo(), Constant, new Ancestral()),

        new NetworkMethod("udlm", "UDLM", "Schiff et al. 2024, arXiv 2412.10193", "continuous-time bound",
            new Uniform(), Published, HyperscheduleChoice.Flat(),
            Limit, Sigma, new Ancestral()),

        new NetworkMethod("gidd", "GIDD", "von Rütte et al. 2025, arXiv 2503.04482", "ELBO, dynamic weights",
            new Gidd(0.1), Full, HyperscheduleChoice.Flat(),
            ObjectiveChoice.Gidd(new DynamicWeights()), Time, new Ancestral()),

        // Published with the mixture over tokens and mask together: its k1 is κ (N + 1)/N.
        new NetworkMethod("xdlm", "XDLM", "XDLM 2026, arXiv 2602.01362", "continuous-time bound",
            new ConstantMix(0.1), Full, HyperscheduleChoice.Flat(),
            Limit, Constant, new Ancestral()),

        new NetworkMethod("scdd", "SCDD", "SCDD 2026, arXiv 2603.02230", "its steps, in their limit",
            new Scdd(0.1), Full, HyperscheduleChoice.Flat(),
            Limit, Constant, new Ancestral()),

        new NetworkMethod("diffusion-forcing", "Diffusion Forcing", "Chen et al. 2024, arXiv 2407.01392", "masked, a level per token",
            new Absorbing(), Full, HyperscheduleChoice.Autoregressive(),
            ObjectiveChoice.DiffusionForcing(),
            new BackboneView(Shifted: false, AttentionKind.Causal, Conditioning.Constant, AttentionKind.Causal), new Ancestral()),

        // Generates from left to right; its bound is that of a random order.
        new NetworkMethod("any-order-ar", "Any-order AR", "Xue et al. 2025, arXiv 2506.19935", "chain rule, mean over orders",
            new Absorbing(), Full, HyperscheduleChoice.Autoregressive(),
            ObjectiveChoice.AnyOrder(), Unconditioned, new Ancestral()),

        // Score entropy of rates that are mixed, in its corrected form, with the scores that a prediction of the clean token has.
        new NetworkMethod("gamma", "γ-hybrid", Hdlm, "score entropy",
            Gamma, Full, HyperscheduleChoice.Flat(), Limit, Time, new Ancestral()),
        new NetworkMethod("gamma-shifted", "γ-hybrid, shifted", Hdlm, "score entropy",
            Gamma, Full, HyperscheduleChoice.Flat(), Limit, Time with { Shifted = true }, new Ancestral()),
        new NetworkMethod("gamma-block", "γ-hybrid, block", Hdlm, "score entropy",
            Gamma, Full, Block, Limit, Time, new Ancestral()),
        new NetworkMethod("gamma-slide", "γ-hybrid, slide", Hdlm, "its steps, as KL",
            Gamma, Full, Slide, Stepwise, Time, new Ancestral()),
        new NetworkMethod("gamma-block-slide", "γ-hybrid, block-slide", Hdlm, "its steps, as KL",
            Gamma, Full, BlockSlide, Stepwise, Time, new Ancestral()),

        // Evolution operators that are mixed: trained by a weighted cross-entropy, reported by the bound. Tokens do not count 1/(1 − p)
        // each, as the published loss without hyperschedule lets them: near full noise single tokens would outweigh a batch.
        new NetworkMethod("epsilon", "ε-hybrid", Hdlm, "weighted cross-entropy",
            Epsilon, Full, HyperscheduleChoice.Flat(), ObjectiveChoice.HybridCrossEntropy(lambda: 1, perVisible: false, continuous: true),
            Unconditioned, new Ancestral()),
        new NetworkMethod("epsilon-shifted", "ε-hybrid, shifted", Hdlm, "weighted cross-entropy",
            Epsilon, Full, HyperscheduleChoice.Flat(), ObjectiveChoice.HybridCrossEntropy(lambda: 1, perVisible: false, continuous: true),
            Unconditioned with { Shifted = true }, new Ancestral()),
        new NetworkMethod("epsilon-block", "ε-hybrid, block", Hdlm, "weighted cross-entropy",
            Epsilon, Full, Block, ObjectiveChoice.HybridCrossEntropy(lambda: 1, perVisible: false, continuous: true), Unconditioned,
            new Ancestral()),
        new NetworkMethod("epsilon-slide", "ε-hybrid, slide", Hdlm, "weighted cross-entropy",
            Epsilon, Full, Slide, ObjectiveChoice.HybridCrossEntropy(lambda: 1, perVisible: false, continuous: false), Unconditioned,
            new Ancestral()),
        new NetworkMethod("epsilon-block-slide", "ε-hybrid, block-slide", Hdlm, "weighted cross-entropy",
            Epsilon, Full, BlockSlide, ObjectiveChoice.HybridCrossEntropy(lambda: 1, perVisible: false, continuous: false), Unconditioned,
            new Ancestral()),
    ];

    /// <summary>The row of that name, or null.</summary>
    public static IMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
