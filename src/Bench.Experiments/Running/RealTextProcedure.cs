namespace Bench.Experiments.Running;

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
