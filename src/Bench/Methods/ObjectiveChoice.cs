
using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Objectives;

namespace Bench.Methods;

/// <summary>An objective before its setup is known: which one, with its parameters.</summary>
public sealed class ObjectiveChoice
{
    private readonly Func<DiffusionSetup, IObjective> make;

    private ObjectiveChoice(string kind, Func<DiffusionSetup, IObjective> make,
        params ImmutableArray<(string Name, object? Value)> parameters)
    {
        (Kind, this.make) = (kind, make);
        Parameters = [.. parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value!))];
    }

    /// <summary>The name of the choice in definitions.</summary>
    public string Kind { get; }

    /// <summary>Flags, numbers and strings by name.</summary>
    public ImmutableArray<KeyValuePair<string, object>> Parameters { get; private init; }

    /// <summary>The choice without what was put around it (cross-entropy of clean text, weights of times); null for none.</summary>
    public ObjectiveChoice? Diffusion { get; private init; }

    /// <summary><see cref="Objectives.NextToken"/>.</summary>
    public static ObjectiveChoice NextToken() => new("next-token", setup => new NextToken(setup.Vocabulary.MaskId));

    /// <summary><see cref="Objectives.MaskedNelbo"/>.</summary>
    public static ObjectiveChoice MaskedNelbo(bool continuous = true, Masking masking = Masking.Independent) => new(
        "masked-nelbo",
        setup => new MaskedNelbo(setup, continuous, masking),
        ("continuous", continuous), ("masking", masking == Masking.Independent ? "independent" : "exact-count"));

    /// <summary><see cref="Objectives.Nelbo"/>.</summary>
    public static ObjectiveChoice Nelbo(bool continuous) => new("nelbo", setup => new Nelbo(setup, continuous), ("continuous", continuous));

    /// <summary><see cref="Objectives.ScoreEntropy"/>.</summary>
    public static ObjectiveChoice ScoreEntropy(bool scaledBySigma) =>
        new("score-entropy", setup => new ScoreEntropy(setup, scaledBySigma), ("scaled-by-sigma", scaledBySigma));

    /// <summary>The score entropy of γ-hybrid noise as HDLM's code computes it, <see cref="Objectives.ReleasedScoreEntropy"/>.</summary>
    public static ObjectiveChoice ReleasedScoreEntropy(bool scaledBySigma) => new(
        "released-score-entropy",
        setup => new ReleasedScoreEntropy(
            setup,
            (setup.Process as GammaHybrid
                ?? throw new ArgumentException(
                    $"the released score entropy is written for gamma-hybrid noise, not for {setup.Process.Name}", nameof(setup))).Gamma,
            scaledBySigma),
        ("scaled-by-sigma", scaledBySigma));

    /// <summary><see cref="Objectives.D3pm"/>.</summary>
    /// <param name="steps">
    /// T of the bound on flat hyperschedules, whatever number generation takes; null for those of the hyperschedule.
    /// </param>
    /// <param name="reconstructs">Whether tokens are read from the settled sequence through the network.</param>
    public static ObjectiveChoice D3pm(int? steps, bool reconstructs) => new(
        "d3pm",
        setup => new D3pm(steps is { } depth ? setup with { Hyperschedule = Hyperschedule.Flat(setup.Hyperschedule.Length, depth) } : setup,
            reconstructs),
        ("steps", steps), ("reconstructs", reconstructs));

    /// <summary><see cref="GiddLoss"/>.</summary>
    public static ObjectiveChoice Gidd(IGiddWeighting weighting) => new(
        "gidd",
        setup => new GiddLoss(setup, weighting),
        ("weights", weighting switch { ClippedWeights => "clipped", DynamicWeights => "dynamic", _ => "released-dynamic" }),
        ("most", (weighting as ClippedWeights)?.Most));

    /// <summary><see cref="Objectives.HybridCrossEntropy"/>.</summary>
    public static ObjectiveChoice HybridCrossEntropy(double lambda, bool perVisible, bool continuous) => new(
        "hybrid-cross-entropy",
        setup => new HybridCrossEntropy(setup, lambda, perVisible, continuous),
        ("lambda", lambda), ("per-visible", perVisible), ("continuous", continuous));

    /// <summary><see cref="Objectives.DiffusionForcing"/>.</summary>
    public static ObjectiveChoice DiffusionForcing() => new("diffusion-forcing", setup => new DiffusionForcing(setup));

    /// <summary><see cref="Objectives.AnyOrder"/>.</summary>
    public static ObjectiveChoice AnyOrder() => new("any-order", setup => new AnyOrder(setup));

    /// <summary><see cref="Objectives.BlockLoss"/>.</summary>
    public static ObjectiveChoice BlockLoss(double least, double most, bool rejects, bool isEven) => new(
        "block-loss",
        setup => new BlockLoss(setup, least, most, rejects, isEven),
        ("least", least), ("most", most), ("rejects", rejects), ("even", isEven));

    /// <summary>The same plus the next-token cross-entropy of clean text, <see cref="WithSettledTokens"/>.</summary>
    /// <param name="share">What that counts.</param>
    public ObjectiveChoice AndSettledTokens(double share)
    {
        var both = Around((setup, diffusion) => new WithSettledTokens(diffusion, setup, share));
        return new(Kind, both.make) { Parameters = Parameters.Add(new("settled-share", share)), Diffusion = Diffusion ?? this };
    }

    /// <summary>The same with noise times weighted anew, <see cref="Objectives.EvenInTime"/>.</summary>
    public ObjectiveChoice EvenInTime()
    {
        var even = Around((setup, bound) => new EvenInTime(bound, setup));
        return new(Kind, even.make) { Parameters = Parameters.Add(new("even-times", true)), Diffusion = Diffusion ?? this };
    }

    /// <summary>The same by name and parameters, with something around the objective itself.</summary>
    public ObjectiveChoice Around(Func<DiffusionSetup, IObjective, IObjective> wrap) =>
        new(Kind, setup => wrap(setup, make(setup))) { Parameters = Parameters, Diffusion = Diffusion };

    /// <summary>The objective of a setup.</summary>
    /// <exception cref="ArgumentException">It is not made for that setup, or for noise of that family.</exception>
    public IObjective Of(DiffusionSetup setup)
    {
        var objective = make(setup);
        return objective.Family.Refusal(objective.Name, setup.Process) is { } reason
            ? throw new ArgumentException(reason, nameof(setup))
            : objective;
    }
}
