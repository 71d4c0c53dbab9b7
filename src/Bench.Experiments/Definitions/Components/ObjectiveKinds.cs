using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Definitions.Keys;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The objectives by name. A new one is one more row.</summary>
internal static class ObjectiveKinds
{
    private const string Mixing = "it is the weight of the next-token cross-entropy of clean text";

    private static readonly Key<double> Settled = new(
        "settled-share",
        new Number<double>(new(0, 1000, OpenLeast: true), Mixing, "Use 1, or leave it out."),
        "Adds that much of the next-token cross-entropy of clean text, in shifted views with a causal context.");

    private static readonly Key<bool> EvenTimes = new(
        "even-times",
        new Flag(),
        "Whether the loss at noise time t counts 1 - e^(-σ(t)) times what the bound lets it, so that every masked token counts alike; with "
            + "flat hyperschedules.");

    private static readonly Key<bool> Continuous = Flag(
        "continuous", "Whether steps are infinitely short; along slides they are not.", "true");
    private static readonly Key<bool> Scaled = Flag(
        "scaled-by-sigma", "Whether outputs are lowered by ln(e^σ − 1) + ln N, as SEDD does where tokens are masked.", "false");

    private static readonly Key<Masking> Masking = new(
        "masking",
        new Choice<Masking>(
            "masking", [new("independent", Objectives.Masking.Independent), new("exact-count", Objectives.Masking.ExactCount)]),
        "Whether each position is masked by itself, or a number of them drawn first.", "\"independent\"");

    private static readonly Key<int> Steps = new(
        "steps",
        new Number<int>(new(1, 1e6), "it counts the steps of the bound", "Use 1000, as published."),
        "T of the bound on a flat hyperschedule; by default the steps of the hyperschedule.");

    private static readonly Key<bool> Reconstructs = Flag(
        "reconstructs", "Whether tokens are read from the settled sequence through the network, as published.", "false");

    private static readonly Key<string> Weights = new(
        "weights",
        new Choice<string>("weights", [new("dynamic", "dynamic"), new("clipped", "clipped"), new("released-dynamic", "released-dynamic")]),
        "The weights in place of the bound's.",
        "\"dynamic\"");

    private static readonly Key<double> Clip = new(
        "most",
        new Number<double>(new(0, 1e6, OpenLeast: true), "it is a weight", "Use 2, as published."),
        "The greatest weight, where they are clipped; by default 2.");

    private static readonly Key<double> Lambda = new(
        "lambda",
        new Number<double>(new(0, 1e6), "it is a weight", "Use 1; 0 trains on masks alone."),
        "λ: the weight of unmasked tokens; that of masks is 1.",
        "1");
    private static readonly Key<bool> PerVisible = Flag(
        "per-visible", "Whether unmasked tokens have weight 1/(1 − p), as in the published loss without hyperschedule.", "false");
    private static readonly Key<double> Least = Share(
        "least", "β: the first noise time that is trained on; along a log-linear schedule it is the least masked share.", "0");
    private static readonly Key<double> Most = Share("most", "ω: the last.", "1");
    private static readonly Key<bool> Rejects = Flag(
        "rejects", "Whether masks are drawn again until the realised share lies between the two.", "true");
    private static readonly Key<bool> Even = Flag("even", "Whether every masked token has weight 1.", "false");

    public static ComponentKind<ObjectiveChoice> All { get; } = new("objective",
    [
        Row(
            "next-token",
            typeof(NextToken),
            "The chain rule: AR.",
            [],
            _ => ObjectiveChoice.NextToken()) with { Refuses = (_, setup) => ObjectiveLimits.NextToken(setup) },
        Row(
            "masked-nelbo",
            typeof(MaskedNelbo),
            "The bound where noise only masks: MDLM, BD3-LM.",
            [Continuous, Masking],
            values => ObjectiveChoice.MaskedNelbo(values.Get(Continuous), values.Get(Masking)))
            with { Refuses = (choice, setup) => ObjectiveLimits.MaskedNelbo((MaskedNelbo)Bare(choice).Of(setup)) },
        Row(
            "nelbo",
            typeof(Nelbo),
            "The bound for any noise: UDLM, HDLM.",
            [Continuous],
            values => ObjectiveChoice.Nelbo(values.Get(Continuous)))
            with { Refuses = (choice, setup) => ObjectiveLimits.Steps(setup, ((Nelbo)Bare(choice).Of(setup)).Continuous) },
        Row(
            "score-entropy",
            typeof(ScoreEntropy),
            "The bound in scores: SEDD.",
            [Scaled],
            values => ObjectiveChoice.ScoreEntropy(values.Get(Scaled))) with { Refuses = (_, setup) => ObjectiveLimits.Scores(setup) },
        Row(
            "released-score-entropy",
            typeof(ReleasedScoreEntropy),
            "Score entropy of gamma-hybrid noise as HDLM's code computes it.",
            [Scaled],
            values => ObjectiveChoice.ReleasedScoreEntropy(values.Get(Scaled)))
            with { Refuses = (_, setup) => ObjectiveLimits.Scores(setup) },
        Row(
            "d3pm",
            typeof(D3pm),
            "D3PM's bound for absorbing noise.",
            [Steps, Reconstructs],
            values => ObjectiveChoice.D3pm(values.Has(Steps) ? values.Get(Steps) : null, values.Get(Reconstructs)))
            with
            {
                Refuses = (choice, setup) => ObjectiveLimits.D3pm(setup, choice.Parameters.Any(parameter => parameter.Key == Steps.Name)),
            },
        Row(
            "gidd",
            typeof(GiddLoss),
            "GIDD's bound under other weights.",
            [Weights, Clip],
            values => ObjectiveChoice.Gidd(Weighting(values))) with
            {
                Refuses = (_, setup) => ObjectiveLimits.Steps(setup, continuous: true),
            },
        Row(
            "hybrid-cross-entropy",
            typeof(HybridCrossEntropy),
            "HDLM's weighted cross-entropy for epsilon-hybrid noise.",
            [Lambda, PerVisible, Continuous],
            values => ObjectiveChoice.HybridCrossEntropy(values.Get(Lambda), values.Get(PerVisible), values.Get(Continuous)))
            with { Refuses = (choice, setup) => ObjectiveLimits.Hybrid((HybridCrossEntropy)Bare(choice).Of(setup)) },
        Row(
            "diffusion-forcing",
            typeof(DiffusionForcing),
            "A noise level a position, evaluated by the likelihood of the autoregressive model.",
            [],
            _ => ObjectiveChoice.DiffusionForcing())
            with { Refuses = (_, setup) => ObjectiveLimits.DiffusionForcing(setup) },
        Row("any-order", typeof(AnyOrder), "The chain rule along an order that each example draws: any-order AR.", [],
            _ => ObjectiveChoice.AnyOrder()),
        Row("block-loss", typeof(BlockLoss), "BD3-LM's loss on a part of the noise range.", [Least, Most, Rejects, Even],
            values => ObjectiveChoice.BlockLoss(values.Get(Least), values.Get(Most), values.Get(Rejects), values.Get(Even)))
            with { Refuses = (choice, setup) => ObjectiveLimits.Blocks((BlockLoss)Bare(choice).Of(setup)) },
    ]);

    private static ComponentRow<ObjectiveChoice> Row(
        string kind, Type type, string doc, Key[] keys, Func<Values, ObjectiveChoice> make) => new(
        kind,
        type,
        doc,
        new([.. keys, EvenTimes, Settled]),
        values =>
        {
            var choice = values.Get(EvenTimes, false) ? make(values).EvenInTime() : make(values);
            return values.Has(Settled) ? choice.AndSettledTokens(values.Get(Settled)) : choice;
        });

    private static ObjectiveChoice Bare(ObjectiveChoice choice) => choice.Diffusion ?? choice;

    private static IGiddWeighting Weighting(Values values) => (values.Get(Weights), values.Has(Clip)) switch
    {
        ("clipped", true) => new ClippedWeights(values.Get(Clip)),
        ("clipped", false) => new ClippedWeights(),
        (_, true) => throw new ArgumentException("'most' is for clipped weights", nameof(values)),
        ("dynamic", _) => new DynamicWeights(),
        _ => new ReleasedDynamicWeights(),
    };

    private static Key<bool> Flag(string name, string doc, string fallback) => new(name, new Flag(), doc, fallback);

    private static Key<double> Share(string name, string doc, string fallback) =>
        new(name, new Number<double>(new(0, 1), "it is a share", "Use 0 and 1 for the whole range."), doc, fallback);
}

/// <summary>Why an objective does not go with a setup, where its constructor cannot know.</summary>
internal static class ObjectiveLimits
{
    /// <summary>Infinitely short steps need a limit, and levels of a position's own are for one objective alone.</summary>
    public static string? Steps(DiffusionSetup setup, bool continuous)
    {
        if (setup.Hyperschedule.IsMixed)
            return "levels of a position's own make no bound on the likelihood; that hyperschedule goes with diffusion-forcing";
        return continuous && !setup.Hyperschedule.HasContinuousLimit
            ? $"along {setup.Hyperschedule.Name} positions are at several levels in one step, and steps cannot become infinitely short; "
                + $"use a finite objective, such as nelbo with continuous: false"
            : null;
    }

    public static string? NextToken(DiffusionSetup setup)
    {
        if (!setup.View.Shifted || setup.View.Block != AttentionKind.Causal)
            return $"the next token is predicted in a view that is shifted and causal, not one that is {setup.View}";
        if (setup.View.IsNoiseConditioned)
            return "without noise there is nothing to condition on; use conditioning absent or constant";
        if (setup.Hyperschedule.Depth != 1 || setup.Hyperschedule.Steps != setup.Hyperschedule.Length)
            return $"tokens are generated one a step, but the hyperschedule is {setup.Hyperschedule.Name}; use autoregressive";
        return setup.At(1).MaskProbability == 1
            ? null
            : $"what is ahead is masked, but {setup.Process.Name} noise leaves more than masks at time 1";
    }

    public static string? MaskedNelbo(MaskedNelbo objective)
    {
        if (Steps(objective.Setup, objective.Continuous) is { } reason)
            return reason;
        return objective.Masking == Masking.ExactCount && (!objective.Continuous || objective.Setup.View.IsNoiseConditioned)
            ? "masks are counted in continuous time, where the network is not noise-conditioned; use masking: independent"
            : null;
    }

    public static string? Scores(DiffusionSetup setup)
    {
        if (Steps(setup, continuous: true) is { } reason)
            return reason;
        return setup.Process.Chain == Chain.MaskAbsorbs
            ? null
            : $"scores between unmasked tokens say nothing of a mask that {setup.Process.Name} noise leaves again";
    }

    public static string? D3pm(DiffusionSetup setup, bool hasSteps)
    {
        if (Steps(setup, continuous: false) is { } reason)
            return reason;
        return hasSteps && setup.Hyperschedule.NeedsContext
            ? $"steps of its own belong to a flat hyperschedule, not to {setup.Hyperschedule.Name}; leave 'steps' out"
            : null;
    }

    public static string? Hybrid(HybridCrossEntropy objective)
    {
        if (Steps(objective.Setup, objective.Continuous) is { } reason)
            return reason;
        var (early, late) = (objective.Setup.At(0.25), objective.Setup.At(0.75));
        return Math.Abs(early.Retained - late.Retained) > 1e-9
            ? $"it is written for noise that keeps unmasked tokens with one probability, and {objective.Setup.Process.Name} noise "
                + $"replaces more with time; use epsilon-hybrid, or nelbo"
            : null;
    }

    public static string? DiffusionForcing(DiffusionSetup setup) =>
        setup.OnlyMasks ? null : $"it is written for noise that only masks, not for {setup.Process.Name}";

    public static string? Blocks(BlockLoss objective)
    {
        if (Steps(objective.Setup, continuous: true) is { } reason)
            return reason;
        if (!objective.Rejects)
            return null;
        // Else masks would be drawn again for ever, or nearly so.
        const double Apart = 0.01;
        var schedule = objective.Setup.Schedule;
        if (schedule.Jumped(objective.Least) < objective.LeastShare - Apart || schedule.Jumped(objective.Most) > objective.Most + Apart)
            return $"at times in [{objective.Least}, {objective.Most}] the {schedule.Name} schedule masks shares that do not lie in it; "
                + $"use the log-linear schedule, the whole range, or rejects: false";
        var sizes =
            objective.Place(0.5, _ => 0.5).Steps.Where(step => step >= 0).GroupBy(step => step).Select(block => block.Count()).Distinct();
        foreach (int size in sizes.Where(size => Math.Floor(objective.Most * size) / size < objective.LeastShare))
        {
            return $"no number of masks among {size} is a share in [{objective.LeastShare}, {objective.Most}]; "
                + "widen the range, or use rejects: false";
        }

        return null;
    }
}
