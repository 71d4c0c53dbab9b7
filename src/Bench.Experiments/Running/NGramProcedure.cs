using Bench.Methods;

namespace Bench.Experiments.Running;

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
