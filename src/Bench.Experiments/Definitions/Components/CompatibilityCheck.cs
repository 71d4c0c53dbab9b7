using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Definitions.Yaml;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Definitions.Components;

/// <summary>Whether five components go together: what would otherwise fail in the middle of a run is reported before it begins.</summary>
internal static class CompatibilityCheck
{
    /// <summary>Where each component was written.</summary>
    internal sealed record Places(Node Noise, Node Schedule, Node Hyperschedule, Node Objective, Node View, Node Sampler);

    /// <summary>What is not asked of a network that was trained elsewhere.</summary>
    /// <param name="ClampsSigma">Whether it is given no more of σ than it was trained with.</param>
    /// <param name="Generates">Whether texts are generated.</param>
    internal sealed record Imported(bool ClampsSigma, bool Generates);

    /// <summary>Reports what does not go together.</summary>
    public static void Check(NetworkMethod method, Places at, Vocabulary vocabulary, int length, int? steps, string path,
        Diagnostics report, Imported? imported = null)
    {
        int before = report.Count;
        if (Along(method, at, length, steps, path, report) is not { } along)
            return;
        var setup = new DiffusionSetup(vocabulary, method.Noise, method.Schedule, along, method.View);
        Add(at.Hyperschedule, "hyperschedule", HyperscheduleKinds.All.Row(method.Path.Kind).Refuses(method.Path, setup),
            "Use a width of at most that, or flat.");
        Add(at.Schedule, "schedule",
            ScheduleKinds.All.Rows.First(row => row.Type == method.Schedule.GetType()).Refuses(method.Schedule, setup),
            "Write the vocabulary's size.");
        if (imported?.ClampsSigma != true && method.View.Conditioning == Conditioning.Sigma && !double.IsFinite(method.Schedule.Sigma(1)))
            Add(at.View, "view", $"the network is conditioned on σ, which is infinite at time 1 of the {method.Schedule.Name} schedule",
                "Use conditioning time, or a schedule that leaves something, such as log-linear with epsilon 1e-3.");
        CheckView(setup, reason => Add(at.View, "view", reason, "Use another view or hyperschedule."));
        if (report.Count > before)
            return;
        CheckObjective(method, setup,
            reason => Add(at.Objective, "objective", reason, "Change one of the components; bench methods shows rows that go together."));
        if (report.Count > before || imported?.Generates == false)
            return;
        CheckSampler(method, setup,
            reason => Add(at.Sampler, "sampler", reason, "Use another sampler, such as ancestral; bench sample --help lists them."));

        void Add(Node place, string component, string? what, string fix)
        {
            if (what is null)
                return;
            var (reason, advice) = Refusal.Of(what);
            report.Add(place, $"{path}.{component}: {reason}", advice ?? fix);
        }
    }

    private static Hyperschedule? Along(NetworkMethod method, Places at, int length, int? steps, string path, Diagnostics report)
    {
        try
        {
            return method.Hyperschedule(length, steps ?? length);
        }
        catch (ArgumentException refused)
        {
            var (reason, advice) = Refusal.Of(Refusal.Reason(refused));
            report.Add(at.Hyperschedule, $"{path}.hyperschedule: {reason}", advice ?? "Change its parameters.");
            return null;
        }
    }

    private static void CheckView(DiffusionSetup setup, Action<string?> add)
    {
        if (!setup.View.Shifted || !setup.Hyperschedule.NeedsContext)
            return;
        try
        {
            _ = Caching.IsCacheable(setup.Hyperschedule, setup.View); // checks the same as a layout does, without making masks
        }
        catch (ArgumentException refused)
        {
            add(Refusal.Reason(refused));
        }
    }

    private static void CheckObjective(NetworkMethod method, DiffusionSetup setup, Action<string?> add)
    {
        try
        {
            var objective = method.Objective(setup);
            if (ObjectiveKinds.All.Row(method.Loss.Kind).Refuses(method.Loss, setup) is { } reason)
            {
                add(reason);
                return;
            }

            var owed = objective.ForLikelihood.Constants;
            if (!double.IsFinite(owed.Prior))
                add($"the bound is infinite: the {method.Schedule.Name} schedule leaves tokens at time 1 that {method.Noise.Name} noise, "
                    + "where generation starts, gives probability 0; "
                    + "use a schedule that leaves nothing, such as log-linear with epsilon 0");
            if (!double.IsFinite(owed.Reconstruction))
                add($"the bound is infinite: the {method.Schedule.Name} schedule and {method.Noise.Name} noise leave tokens replaced or "
                    + $"masked at time 0, which score entropy does not measure; use nelbo");
        }
        catch (ArgumentException refused)
        {
            add(Refusal.Reason(refused));
        }
    }

    private static void CheckSampler(NetworkMethod method, DiffusionSetup setup, Action<string?> add)
    {
        var (said, read) = (Said(method.Objective(setup)), method.Sampler.Reads);
        if (said != read)
            add($"it reads {read}, but an objective that is {method.Objective(setup).Name} trains a network to output {said}");
        else if (Scale(method.Sampler) is { } scale
            && method.Loss.Parameters.Any(parameter => parameter.Key == "scaled-by-sigma" && !parameter.Value.Equals(scale)))
            add($"it reads scores that are {(scale ? "" : "not ")}scaled by sigma, the objective trains the others; use "
                + $"{(scale ? "analytic" : "analytic-scaled")}");
        else
            add(method.Sampler.Misfit(setup));
    }

    private static NetworkOutput Said(IObjective objective) => objective switch
    {
        ScoreEntropy or ReleasedScoreEntropy => NetworkOutput.Scores,
        D3pm => NetworkOutput.CleanDistributionWithMask,
        WithSettledTokens added => Said(added.Diffusion),
        EvenInTime even => Said(even.Bound),
        _ => NetworkOutput.CleanDistribution,
    };

    private static bool? Scale(ISampler sampler) => sampler switch
    {
        Analytic analytic => analytic.ScaledBySigma,
        Euler euler => euler.ScaledBySigma,
        _ => null,
    };
}
