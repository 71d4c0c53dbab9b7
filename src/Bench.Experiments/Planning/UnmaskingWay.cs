using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Components;
using Bench.Methods;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Planning;

/// <summary>How exact likelihoods of an unmasking order are measured: along the method's hyperschedule, a token a step.</summary>
internal static class UnmaskingWay
{
    /// <summary>
    /// The generation whose likelihood is measured; null where the method's network is not made for it, its likelihood is exact, or its
    /// hyperschedule leaves the order no choice.
    /// </summary>
    public static GenerationWay? Of(NetworkMethod method, ConfidenceOrder order, RunSpec spec)
    {
        var setup = method.Setup(spec.Data.Tokenizer.Vocabulary, spec.Data.Length, spec.Data.Length);
        var sampler = new ByConfidence(order);
        bool isMade = SamplerChoice.Find(method, sampler.Name, setup) is not null;
        // Where no two positions are active together, all orders are the one that the hyperschedule has.
        bool isChosen = order == ConfidenceOrder.LeftToRight || Generator.MostActive(setup.Hyperschedule) > 1;
        return isMade && isChosen && !method.Objective(setup).ForLikelihood.IsExact
            ? new(setup, sampler, Temperature: 1, Caches: true, spec.Evaluation.OrderSequences)
            : null;
    }
}
