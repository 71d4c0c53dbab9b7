
using System.Runtime.InteropServices;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Metrics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Training;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>A network: trained from its last checkpoint on, then measured as its task asks.</summary>
internal sealed class NetworkRun : Run
{
    private readonly NetworkMethod method;
    private readonly RunContext context;
    private readonly TrainingPlan plan;
    private readonly StepBudget? budget;
    private readonly IObjective objective;
    private readonly ITask task;
    private readonly NetworkEvaluation evaluation;
    private readonly Checkpoints checkpoints;
    private readonly Ddit network;
    private readonly Ddit averaged;
    private readonly Trainer trainer;

    private NetworkRun(NetworkMethod method, RunContext context)
    {
        var spec = context.Spec;
        var vocabulary = context.Data.Vocabulary;
        (this.method, this.context) = (method, context);
        var planned = spec.Training! with { Precision = TorchEnvironment.Usable(spec.Training.Precision) };
        objective = method.Objective(method.Setup(vocabulary, spec.Data.Length));
        task = context.Task;
        checkpoints = new Checkpoints(context.Folder.Folder);
        var shape = spec.Model!.Shape(vocabulary, method.View);
        if (spec.Budget is { } time)
        {
            budget = StepBudget.Of(context.Folder.Folder, time, checkpoints.Newest is not null, () => SecondsPerStep(shape, planned, time));
            planned = time.Of(planned, budget.Steps);
        }

        plan = planned;
        network = new Ddit(shape, context.Random.Split("weights")).On(TorchEnvironment.Device);
        averaged = new Ddit(shape, context.Random.Split("weights")).On(TorchEnvironment.Device);
        averaged.eval();
        evaluation = new NetworkEvaluation(method, context, averaged, objective, Substitute() + Measured());
        trainer = Trainer(network, plan);
        try
        {
            checkpoints.Open();
            if (checkpoints.Newest is { } newest)
            {
                trainer.Restore(newest, context.Planned.Id);
                Checkpoints.Checked(newest, trainer.Step);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes the network and goes back to the last checkpoint.</summary>
    /// <exception cref="SuiteException">
    /// There is no tensor engine or too little memory, the text is too short, or the checkpoint is damaged or another run's.
    /// </exception>
    public static NetworkRun Of(NetworkMethod method, RunContext context)
    {
        TorchEnvironment.Require();
        try
        {
            return new NetworkRun(method, context);
        }
        catch (Exception failure) when (failure is ExternalException or OutOfMemoryException)
        {
            throw new SuiteException($"the network cannot be made: {failure.Message.Split('\n')[0]}", "Lower model.width or model.blocks.",
                failure);
        }
    }

    /// <inheritdoc/>
    public override ComputeEngine Engine => TorchEnvironment.Describe(plan, context.Ranks?.Count ?? 1);

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute()
    {
        Train();
        trainer.CopyAverageTo(averaged);
        return [.. evaluation.Measure(task), .. Training()];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        trainer.Dispose();
        averaged.Dispose();
        network.Dispose();
    }

    private Trainer Trainer(Ddit network, TrainingPlan plan) =>
        RunTraining.Of(context.Spec, context.Data, objective, network, plan, context.Ranks?.Ranks);

    private void Train(Trainer trainer, TrainingPlan plan, ITrainingHooks hooks, CancellationToken stop)
    {
        if (context.Ranks is { } ranks)
            ranks.Train(context.Planned, context.Data.Hash, plan, trainer, hooks, stop);
        else
            trainer.Run(hooks, stop);
    }

    // A training like the one to come, thrown away once it is timed: at most a twentieth of the time, at most some seconds.
    private double SecondsPerStep(DditShape shape, TrainingPlan plan, TimeBudget time)
    {
        const double Most = 5, Share = 0.05;
        using var throwaway = new Ddit(shape, context.Random.Split("weights")).On(TorchEnvironment.Device);
        context.Stage("measuring", 0);
        double seconds = StepTimer.Measure(
            each => Trainer(throwaway, each), plan, Math.Min(Most, Share * time.Seconds), context.Stop, Train);
        context.Stage("measuring", 1);
        return seconds;
    }

    private void Train()
    {
        using (var log = context.Folder.Training(trainer.Step))
        {
            var before = context.ReadCurve();
            var hooks = new TrainingHooks(context, plan, log, checkpoints, Validator(), before.Count > 0 ? before[^1].Seconds : 0);
            context.Stage("training", (double)trainer.Step / plan.Steps);
            Train(trainer, plan, hooks, context.Stop);
        }

        context.Stop.ThrowIfCancellationRequested();
    }

    // A few sequences with few draws: enough for a curve, cheap enough to be evaluated often.
    private Func<Trainer, double> Validator()
    {
        const int Sequences = 64, Draws = 4;
        var chunks = task.Evaluation(new EvaluationChunks(context.Data.Validation, context.Spec.Data.Length, Sequences));
        var likelihood = new Likelihood(objective, Draws, context.Random.Split("validation while training"), TorchEnvironment.Device);
        return trainer =>
        {
            trainer.CopyAverageTo(averaged);
            return likelihood.Of(averaged, chunks).Bits;
        };
    }

    private string Measured() => budget is null ? "" : $"; trained for {budget}";

    private string Substitute() => plan.Precision == context.Spec.Training!.Precision
        ? ""
        : $"; trained in {PrecisionNames.Of(plan.Precision)}, since this processor has no fast "
            + $"{PrecisionNames.Of(context.Spec.Training.Precision)}";

    private IEnumerable<Metric> Training()
    {
        yield return TrainingMetrics.Parameters.Row(Splits.None, network.Shape.Parameters);
        yield return TrainingMetrics.Tokens.Row(Splits.None, plan.Steps * plan.BatchSize * context.Spec.Data.Length);
        yield return TrainingMetrics.Steps.Row(Splits.None, plan.Steps, protocol: budget?.ToString() ?? "");
        double speed = context.ReadCurve().Select(point => point.TokensPerSecond).Median();
        string protocol = $"median over training.csv, {PrecisionNames.Of(plan.Precision)} products, {plan.BatchSize} sequences a step"
            + (context.Ranks is { } ranks ? $", {ranks.Count} ranks" : "");
        yield return TrainingMetrics.Speed.Row(Splits.None, speed, protocol: protocol);
    }
}

/// <summary>Observes a training: its log, its checkpoints, validation.</summary>
/// <param name="context">The run.</param>
/// <param name="plan">The training.</param>
/// <param name="log">Takes rows.</param>
/// <param name="checkpoints">Takes checkpoints.</param>
/// <param name="validate">Bits per token of the averaged weights.</param>
/// <param name="before">Seconds trained by earlier starts.</param>
internal sealed class TrainingHooks(RunContext context, TrainingPlan plan, TrainingLog log, Checkpoints checkpoints,
    Func<Trainer, double> validate, double before) : ITrainingHooks
{
    private double seconds = before;

    /// <inheritdoc/>
    public string? LastCheckpoint => checkpoints.Newest;

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        seconds += point.Seconds;
        var row = point with { Seconds = seconds };
        log.Append(row);
        context.Stage("training", (double)row.Step / plan.Steps);
        context.Observer.Trained(context.Planned, row, plan.Steps);
    }

    /// <inheritdoc/>
    public double Validate(Trainer trainer) => validate(trainer);

    /// <inheritdoc/>
    public void Checkpoint(Trainer trainer)
    {
        trainer.Save(checkpoints.At(trainer.Step), context.Planned.Id);
        checkpoints.Prune();
        context.KeepTime();
    }
}
