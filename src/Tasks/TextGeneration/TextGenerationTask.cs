using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Noise;

namespace Bench.Tasks.TextGeneration;

/// <summary>Whole texts, nothing given: what methods of this field are compared on.</summary>
public sealed record TextGenerationTask : ITask
{
    /// <inheritdoc/>
    public string Name => "text-generation";

    /// <inheritdoc/>
    public string? Refuses(IMethod method) =>
        method is NetworkMethod network ? ProcessFamily.Discrete.Refusal(Name, network.Noise) : null;

    /// <inheritdoc/>
    public string Condition(IMethod method, int length) => "";

    /// <inheritdoc/>
    public IExamples Training(IExamples source) => source;

    /// <inheritdoc/>
    public IExamples Evaluation(IExamples source) => source;

    /// <inheritdoc/>
    public void Evaluate(IEvaluation run)
    {
        run.Likelihoods(Evaluation);
        run.Generate(GenerationRequest.Free);
    }
}
