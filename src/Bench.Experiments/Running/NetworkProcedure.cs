using System.Runtime.InteropServices;
using Bench.Data;
using Bench.Experiments.Generating;
using Bench.Methods;
using Bench.Models;
using Bench.Results;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>Trains a network, measures it and samples from it.</summary>
/// <param name="method">Which of its kind.</param>
internal sealed class NetworkProcedure(NetworkMethod method) : Procedure
{
    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override RunSpec Specialise(RunSpec spec)
    {
        var words = spec.Data.Tokenizer.Vocabulary;
        int length = spec.Data.Length;
        int asked = spec.Sampling.Steps ?? length;
        int steps = method.Hyperschedule(length, asked).Steps;
        bool choice = method.LeavesSteps(length);
        return spec with
        {
            Model = spec.Model! with { ConditionWidth = method.View.Conditioning == Conditioning.Absent ? null : spec.Model.ConditionWidth },
            Evaluation = spec.Evaluation with { Draws = method.Objective(method.Problem(words, length)).ForLikelihood.IsExact ? 1 : spec.Evaluation.Draws },
            Sampling = spec.Sampling.Count == 0 ? new SamplingSpec(0, choice ? asked : steps) : spec.Sampling with
            {
                Steps = choice ? asked : steps,
                StepCounts = choice ? spec.Sampling.StepCounts : [],
                Samplers = [.. spec.Sampling.Samplers.Where(IsMadeForThis)],
            },
            Judge = spec.Sampling.Count == 0 ? null : spec.Judge,
        };

        // Where a token is settled in one step there is one way to do it.
        bool IsMadeForThis(string name) => method.Problem(words, length, asked) is { Path.Depth: > 1 } problem
            && SamplerChoice.Find(method, name, problem) is { } sampler && sampler.Name != method.Sampler.Name;
    }

    /// <inheritdoc/>
    public override Run Prepare(RunContext context)
    {
        TorchEnvironment.Require();
        try
        {
            return new NetworkRun(method, context);
        }
        catch (Exception failure) when (failure is ExternalException or OutOfMemoryException)
        {
            throw new SuiteException($"the network cannot be made: {failure.Message.Split('\n')[0]}", "Lower model.width or model.blocks.", failure);
        }
    }
}
