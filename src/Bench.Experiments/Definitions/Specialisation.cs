using Bench.Attention;
using Bench.Experiments.Definitions.Components;
using Bench.Methods;

namespace Bench.Experiments.Definitions;

/// <summary>
/// What a run depends on by its method; everything else is left out of it, so that a change there does not rename the run.
/// </summary>
internal static class Specialisation
{
    /// <summary>Whether a method is trained step by step.</summary>
    public static bool IsTrained(IMethod method) => method is NetworkMethod;

    /// <summary>The run without what its method does not depend on. A new kind of method is one more line here.</summary>
    public static RunSpec Of(RunSpec spec) => spec.Method switch
    {
        NetworkMethod network => Network(spec, network),
        NGram => Untrained(spec) with { Evaluation = spec.Evaluation with { Draws = 1 } },
        RealText => Untrained(spec) with { Evaluation = new EvaluationSpec(spec.Evaluation.Sequences, Draws: 1, spec.Evaluation.Splits) },
        var other => throw new ArgumentException($"{other.Name} is of a kind that no run is made for", nameof(spec)),
    };

    /// <summary>The backbone without what a method's has none of.</summary>
    public static ModelSpec Of(ModelSpec model, NetworkMethod method) => model with
    {
        ConditionWidth = method.View.Conditioning == Conditioning.Absent ? null : model.ConditionWidth,
        ModulatedHead = method.View.Conditioning == Conditioning.Absent ? null : model.ModulatedHead,
        EmbeddingMix = method.View.IsNoiseConditioned ? model.EmbeddingMix : null,
        MostSigma = method.View.Conditioning == Conditioning.Sigma ? model.MostSigma : null,
    };

    private static RunSpec Untrained(RunSpec spec) => spec with
    {
        Model = null,
        Training = null,
        Budget = null,
        Published = null,
        Reported = null,
        Sampling = new SamplingSpec(spec.Sampling.Count, Steps: null) { Scorers = spec.Sampling.Scorers },
        Scorer = spec.Sampling.Count == 0 ? null : spec.Scorer,
    };

    private static RunSpec Network(RunSpec spec, NetworkMethod method)
    {
        var vocabulary = spec.Data.Tokenizer.Vocabulary;
        int length = spec.Data.Length;
        int asked = spec.Sampling.Steps ?? length;
        int steps = method.Hyperschedule(length, asked).Steps;
        bool choice = method.LeavesSteps(length);
        var objective = method.Objective(method.Setup(vocabulary, length));
        bool isExact = objective.ForLikelihood.IsExact;
        return spec with
        {
            Model = Of(spec.Model!, method),
            // The chain rule draws no noise level.
            Training = objective.IsExact && spec.Training is { } plan ? plan with { Levels = default } : spec.Training,
            Evaluation = spec.Evaluation with
            {
                Draws = isExact ? 1 : spec.Evaluation.Draws,
                // An imported network is measured on the texts of its paper alone.
                Splits = spec.Published is not null && spec.Source is not null ? [] : spec.Evaluation.Splits,
            },
            Sampling = spec.Sampling.Count == 0 ? new SamplingSpec(0, choice ? asked : steps) : spec.Sampling with
            {
                Steps = choice ? asked : steps,
                StepCounts = choice ? spec.Sampling.StepCounts : [],
                Samplers = [.. spec.Sampling.Samplers.Where(IsMadeForThis)],
                Guidance = [.. spec.Sampling.Guidance.Where(Guides)],
            },
            Scorer = spec.Sampling.Count == 0 ? null : spec.Scorer,
        };

        bool Guides(GuidanceSpec guidance) => GuidanceChoice.For(
            guidance, method.Sampler, spec.TaskOrText, spec.Data.Tokenizer, method.Setup(vocabulary, length, asked)).Sampler is not null;

        // Where a token is settled in one step there is one way to do it.
        bool IsMadeForThis(string name) => method.Setup(vocabulary, length, asked) is { Hyperschedule.Depth: > 1 } setup
            && SamplerChoice.Find(method, name, setup) is { } sampler && sampler.Name != method.Sampler.Name;
    }
}
