using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Components;
using Bench.Methods;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Planning;

/// <summary>One of the ways in which a run generates.</summary>
/// <param name="Setup">The setup, along the hyperschedule that about so many steps make.</param>
/// <param name="Sampler">The step.</param>
/// <param name="Temperature">Of the distributions that tokens are drawn from.</param>
/// <param name="Caches">Whether keys and values of settled tokens are kept, where they can be.</param>
/// <param name="Batch">Sequences at once.</param>
internal sealed record GenerationWay(DiffusionSetup Setup, ISampler Sampler, double Temperature, bool Caches, int Batch)
{
    /// <summary>Whether keys and values can be kept, and are.</summary>
    public bool KeepsKeys { get; } = Caches && Caching.IsOfUse(Setup.Hyperschedule, Setup.View);

    /// <summary>The most positions of a sequence that the network is asked for in a call.</summary>
    public int MostAsked => Generator.MostActive(Setup.Hyperschedule);

    /// <summary>Sequences in a call, those of the batch that are generated at once.</summary>
    public int Rows => Generator.RowsAtOnce(Batch * Sampler.Candidates, Setup);

    /// <summary>What tables call it.</summary>
    public GenerationSetting Setting => new(Sampler.Name, Setup.Hyperschedule.Steps, Temperature, Nucleus: 1, KeepsKeys, Batch);

    /// <summary>The ways whose texts are scored, the run's own first; none where nothing is generated.</summary>
    public static ImmutableArray<GenerationWay> Scored(NetworkMethod method, RunSpec spec)
    {
        if (spec.Sampling.Count == 0)
            return [];
        var sampling = spec.Sampling;
        var main = Main(method, spec);
        IEnumerable<GenerationWay> warmer = sampling.Temperatures.Select(temperature => main with { Temperature = temperature });
        var other =
            from sampler in sampling.Samplers.Select(name => SamplerChoice.For(method, SamplerTable.Find(name)!)).Prepend(method.Sampler)
            from steps in sampling.StepCounts.Prepend(sampling.Steps!.Value)
            select Of(method, spec, sampler, steps);
        var guided =
            from guidance in sampling.Guidance
            let sampler = GuidanceChoice.For(guidance, method.Sampler, spec.TaskOrText, spec.Data.Tokenizer, main.Setup).Sampler
            where sampler is not null
            select main with { Sampler = sampler };
        return [.. warmer.Prepend(main).Concat(other).Concat(guided).DistinctBy(way => way.Setting)];
    }

    /// <summary>The ways whose speed is measured.</summary>
    public static ImmutableArray<GenerationWay> Timed(NetworkMethod method, RunSpec spec)
    {
        if (spec.Sampling.Count == 0 || spec.Sampling.Batches.IsEmpty)
            return [];
        var main = Main(method, spec);
        return
        [
            .. spec.Sampling.Batches.Prepend(spec.Sampling.Count)
                .SelectMany(
                    batch => main.KeepsKeys
                        ? new[] { main with { Batch = batch }, new(main.Setup, main.Sampler, 1, Caches: false, batch) }
                        : [main with { Batch = batch }])
                .DistinctBy(way => way.Setting),
        ];
    }

    private static GenerationWay Main(NetworkMethod method, RunSpec spec) => Of(method, spec, method.Sampler, spec.Sampling.Steps!.Value);

    private static GenerationWay Of(NetworkMethod method, RunSpec spec, ISampler sampler, int steps) =>
        new(
            method.Setup(spec.Data.Tokenizer.Vocabulary, spec.Data.Length, steps),
            sampler,
            Temperature: 1,
            Caches: true,
            spec.Sampling.Count);
}
