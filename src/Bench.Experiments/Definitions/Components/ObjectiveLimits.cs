using Bench.Attention;
using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;

namespace Bench.Experiments.Definitions.Components;

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
