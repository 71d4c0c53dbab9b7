using System.Collections.Immutable;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Noise;
using Bench.Numerics;
using Bench.Results;

namespace Bench.Tasks;

/// <summary>Whole texts, nothing given: what methods of this field are compared on.</summary>
public sealed record TextGeneration : ITask
{
    /// <inheritdoc/>
    public string Name => "text-generation";

    /// <inheritdoc/>
    public ProcessFamily Family => ProcessFamily.Discrete;

    /// <inheritdoc/>
    public string? Refuses(IMethod method) => method is NetworkMethod network ? Family.Refusal(Name, network.Noise) : null;

    /// <inheritdoc/>
    public string Condition(IMethod method) => "";

    /// <inheritdoc/>
    public IExamples Training(IExamples text) => text;

    /// <inheritdoc/>
    public IExamples Evaluation(IExamples text) => text;

    /// <inheritdoc/>
    public GenerationRequest Request(IExamples text, int count) => GenerationRequest.Free;

    /// <inheritdoc/>
    public ImmutableArray<GenerationMetric> Evaluate(
        GenerationSetting setting, GenerationRequest request, IReadOnlyList<int[]> sequences, RandomStream draws) => [];
}
