using Bench.Experiments.Definitions.Keys;
using Bench.Noise;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The noise processes by name. A new process is one more row.</summary>
internal static class NoiseKinds
{
    private static readonly Key<double> Gamma = Share(
        "gamma",
        "γ, the uniform share of the rates: 0 is absorbing noise, 1 uniform noise.",
        "it is a mixing weight",
        "Use a small mix such as 0.01.");

    private static readonly Key<double> Epsilon = new(
        "epsilon",
        new Number<double>(new(0, 1, OpenMost: true), "it is the share of tokens that are replaced by a uniform draw",
            "Use a small share such as 0.01."),
        "ε, the share of unmasked tokens that are uniform draws: 0 is absorbing noise.", IsRequired: true);

    private static readonly Key<double> Mix = Share(
        "uniform-share", "κ, the probability that a jump leads to a uniform token: 0 is absorbing noise, 1 uniform noise.",
        "it is a probability", "Use 0.1.");

    private static readonly Key<double> Peak = new(
        "uniform-share",
        new Number<double>(new(0, 1, OpenMost: true), "it is a share that leaves something", "Use 0.1 or 0.2, as the paper does."),
        "p_u, the share of uniform tokens at t = 1/2, where it peaks.", IsRequired: true);

    private static readonly Key<double> Steepness = new(
        "gamma",
        new Number<double>(
            new(0, 2, OpenLeast: true),
            "beyond 2 no Markov chain has these marginals: uniform tokens would have to disappear too fast",
            "Use 1, as the paper does."),
        "How steeply the share of uniform tokens rises and falls.", "1");

    public static ComponentKind<INoiseProcess> All { get; } = new("noise",
    [
        new("absorbing", typeof(Absorbing), "Tokens become [MASK]: MDLM, SEDD absorb, D3PM absorb.", new(), _ => new Absorbing()),
        new("uniform", typeof(Uniform), "Tokens are replaced by uniform draws: SEDD uniform, UDLM.", new(), _ => new Uniform()),
        new(
            "gamma-hybrid",
            typeof(GammaHybrid),
            "HDLM's mix of rates.",
            new(Gamma),
            values => new GammaHybrid(values.Get(Gamma)),
            noise => [((GammaHybrid)noise).Gamma]),
        new(
            "epsilon-hybrid",
            typeof(EpsilonHybrid),
            "HDLM's mix of evolution operators.",
            new(Epsilon),
            values => new EpsilonHybrid(values.Get(Epsilon)),
            noise => [((EpsilonHybrid)noise).Epsilon]),
        new(
            "constant-mix",
            typeof(ConstantMix),
            "Every jump, from the mask too, leads to one mixture of uniform tokens and [MASK].",
            new(Mix),
            values => new ConstantMix(values.Get(Mix)),
            noise => [((ConstantMix)noise).UniformShare]),
        new(
            "gidd",
            typeof(Gidd),
            "GIDD's mix, which moves with time.",
            new(Peak, Steepness),
            values => new Gidd(values.Get(Peak), values.Get(Steepness)),
            noise => [((Gidd)noise).UniformShare, ((Gidd)noise).Gamma]),
        new(
            "scdd",
            typeof(Scdd),
            "GIDD's mix on the chain whose mask absorbs: a step never masks a token again.",
            new(Peak, Steepness),
            values => new Scdd(values.Get(Peak), values.Get(Steepness)),
            noise => [((Scdd)noise).UniformShare, ((Scdd)noise).Gamma]),
    ]);

    private static Key<double> Share(string name, string doc, string why, string advice) =>
        new(name, new Number<double>(new(0, 1), why, advice), doc, IsRequired: true);
}
