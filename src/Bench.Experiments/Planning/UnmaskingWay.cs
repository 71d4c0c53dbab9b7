using Bench.Backbone;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Components;
using Bench.Methods;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Planning;

/// <summary>How exact likelihoods of an unmasking order are measured: along the method's hyperschedule, a token a step.</summary>
internal static class UnmaskingWay
{
    /// <summary>The setup of a method and an order; null where the method's network is not made for it, or its likelihood is exact.</summary>
    public static DiffusionSetup? Of(NetworkMethod method, ConfidenceOrder order, RunSpec spec)
    {
        var setup = method.Setup(spec.Data.Tokenizer.Vocabulary, spec.Data.Length, spec.Data.Length);
        bool isMade = SamplerChoice.Find(method, new ByConfidence(order).Name, setup) is not null;
        return isMade && !method.Objective(setup).ForLikelihood.IsExact ? setup : null;
    }
}
