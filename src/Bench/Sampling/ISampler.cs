using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling;

/// <summary>
/// How sequences get from the noise levels of one step of a hyperschedule to those of the next. A <see cref="Generator"/> takes the steps.
/// </summary>
public interface ISampler
{
    /// <summary>The sampler's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>What it takes the network's outputs for.</summary>
    NetworkOutput Reads => NetworkOutput.CleanDistribution;

    /// <summary>The family of noise processes that it is made for.</summary>
    ProcessFamily Family => ProcessFamily.Discrete;

    /// <summary>Why the sampler is not made for a setup of its family, as text; null where it is.</summary>
    string? Refuses(DiffusionSetup setup) => null;

    /// <summary>
    /// Why the sampler cannot be used: the noise is of another family, or <see cref="Refuses"/> gives a reason; null where it can.
    /// </summary>
    string? Misfit(DiffusionSetup setup) => Family.Refusal(Name, setup.Process) ?? Refuses(setup);

    /// <summary>
    /// Whether predictions alone decide which masks are revealed when, so that a sequence is drawn in one way only and its probability is
    /// known exactly (DUEL, arXiv 2603.01367): see <see cref="Generator.NegativeLogLikelihoods"/>.
    /// </summary>
    bool HasDeterminedOrder(DiffusionSetup setup) => false;

    /// <summary>Calls of the network behind each step but those that settle, beside the step's own.</summary>
    int CallsOfCorrection => 0;

    /// <summary>
    /// K: rows that are generated for one sequence, of which the first is it in the end. More than 1 where generation is guided.
    /// </summary>
    int Candidates => 1;

    /// <summary>Gets ready for some sequences; what happens to sequence i depends on the generation state's draws and i alone.</summary>
    /// <returns>Takes them one step, given its number.</returns>
    Action<int> Begin(GenerationState state);
}
