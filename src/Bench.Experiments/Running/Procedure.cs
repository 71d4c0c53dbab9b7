using System.Runtime.InteropServices;
using Bench.Attention;
using Bench.Data;
using Bench.Experiments.Generating;
using Bench.Methods;
using Bench.Results;
using Bench.Scoring;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>How runs of one kind of method are carried out.</summary>
internal abstract class Procedure
{
    /// <summary>Whether the method is trained step by step.</summary>
    public abstract bool IsTrained { get; }

    /// <summary>The procedure of a method. A new kind of method is one more line here.</summary>
    public static Procedure Of(IMethod method) => method switch
    {
        NetworkMethod network => new NetworkProcedure(network),
        NGram ngram => new NGramProcedure(ngram),
        RealText => new RealTextProcedure(),
        _ => throw new ArgumentException($"{method.Name} is of a kind that no procedure carries out", nameof(method)),
    };

    /// <summary>Leaves out of a run what its method does not depend on, so that a change there does not rename the run.</summary>
    public abstract RunSpec Specialise(RunSpec spec);

    /// <summary>Makes everything ready, and goes back to the last checkpoint. What fails here has not begun.</summary>
    public abstract Run Prepare(RunContext context);
}

/// <summary>Measures real text as generated text is measured.</summary>
internal sealed class RealTextProcedure : Procedure
{
    /// <inheritdoc/>
    public override bool IsTrained => false;

    /// <inheritdoc/>
    public override RunSpec Specialise(RunSpec spec) => spec with
    {
        Model = null,
        Training = null,
        Budget = null,
        Evaluation = new EvaluationSpec(spec.Evaluation.Sequences, Draws: 1, spec.Evaluation.Splits),
        Sampling = new SamplingSpec(spec.Sampling.Count, Steps: null) { Judges = spec.Sampling.Judges },
        Judge = spec.Sampling.Count == 0 ? null : spec.Judge,
    };

    /// <inheritdoc/>
    public override Run Prepare(RunContext context) => new RealTextRun(context);
}

/// <summary>Counts n-grams, measures and samples.</summary>
/// <param name="method">Which of its kind.</param>
internal sealed class NGramProcedure(NGram method) : Procedure
{
    /// <inheritdoc/>
    public override bool IsTrained => false;

    /// <inheritdoc/>
    public override RunSpec Specialise(RunSpec spec) => spec with
    {
        Model = null,
        Training = null,
        Budget = null,
        Evaluation = spec.Evaluation with { Draws = 1 },
        Sampling = new SamplingSpec(spec.Sampling.Count, Steps: null) { Judges = spec.Sampling.Judges },
        Judge = spec.Sampling.Count == 0 ? null : spec.Judge,
    };

    /// <inheritdoc/>
    public override Run Prepare(RunContext context) => new NGramRun(method, context);
}

/// <summary>As many chunks of the test text as others generate, judged as theirs are.</summary>
internal sealed class RealTextRun(RunContext context) : Run
{
    /// <inheritdoc/>
    public override ComputeEngine Engine => ComputeEngine.Managed;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute()
    {
        if (context.Spec.Sampling.Count == 0)
            return [];
        // The last ones, at most half of them: MAUVE compares with the first.
        var real = context.Panel.Real;
        GeneratedText[] texts = [.. real.TakeLast(Math.Min(context.Spec.Sampling.Count, real.Length / 2))];
        if (texts.Length == 0)
            return [];
        context.Folder.WriteGeneration(context.Panel.Quality(context.Random.Split("quality")).Of(new GenerationSetting("none", Steps: 0), texts, context.Stop));
        SampleFiles.Write(context, [.. texts.Select(text => text.Tokens)]);
        return [];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}

/// <summary>Trains a network, measures it and samples from it.</summary>
/// <param name="method">Which of its kind.</param>
internal sealed class NetworkProcedure(NetworkMethod method) : Procedure
{
    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override RunSpec Specialise(RunSpec spec)
    {
        var vocabulary = spec.Data.Tokenizer.Vocabulary;
        int length = spec.Data.Length;
        int asked = spec.Sampling.Steps ?? length;
        int steps = method.Hyperschedule(length, asked).Steps;
        bool choice = method.LeavesSteps(length);
        return spec with
        {
            Model = spec.Model! with { ConditionWidth = method.View.Conditioning == Conditioning.Absent ? null : spec.Model.ConditionWidth },
            Evaluation = spec.Evaluation with { Draws = method.Objective(method.Problem(vocabulary, length)).ForLikelihood.IsExact ? 1 : spec.Evaluation.Draws },
            Sampling = spec.Sampling.Count == 0 ? new SamplingSpec(0, choice ? asked : steps) : spec.Sampling with
            {
                Steps = choice ? asked : steps,
                StepCounts = choice ? spec.Sampling.StepCounts : [],
                Samplers = [.. spec.Sampling.Samplers.Where(IsMadeForThis)],
            },
            Judge = spec.Sampling.Count == 0 ? null : spec.Judge,
        };

        // Where a token is settled in one step there is one way to do it.
        bool IsMadeForThis(string name) => method.Problem(vocabulary, length, asked) is { Hyperschedule.Depth: > 1 } setup
            && SamplerChoice.Find(method, name, setup) is { } sampler && sampler.Name != method.Sampler.Name;
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
