using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Bench.Backbone;
using Bench.Data;
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

/// <summary>A network: trained from its last checkpoint on, measured by its bound, sampled from.</summary>
internal sealed class NetworkRun : Run
{
    private readonly NetworkMethod _method;
    private readonly RunContext _context;
    private readonly TrainingPlan _plan;
    private readonly StepBudget? _budget;
    private readonly IObjective _objective;
    private readonly ITask _task;
    private readonly ImmutableArray<(Split Part, EvaluationChunks Chunks)> _splits;
    private readonly Checkpoints _checkpoints;
    private readonly Ddit _network;
    private readonly Ddit _averaged;
    private readonly Trainer _trainer;

    private NetworkRun(NetworkMethod method, RunContext context)
    {
        var spec = context.Spec;
        var vocabulary = context.Data.Vocabulary;
        (_method, _context) = (method, context);
        var plan = spec.Training! with { Precision = TorchEnvironment.Usable(spec.Training.Precision) };
        _objective = method.Objective(method.Setup(vocabulary, spec.Data.Length));
        _task = context.Task;
        _splits = [.. spec.Evaluation.Splits.Select(part => (part, context.Chunks(part)))];
        _checkpoints = new Checkpoints(context.Folder.Folder);
        var shape = spec.Model!.Shape(vocabulary, method.View);
        if (spec.Budget is { } time)
        {
            _budget = StepBudget.Of(context.Folder.Folder, time, _checkpoints.Newest is not null, () => SecondsPerStep(shape, plan, time));
            plan = time.Of(plan, _budget.Steps);
        }

        _plan = plan;
        _network = new Ddit(shape, context.Random.Split("weights"));
        _averaged = new Ddit(shape, context.Random.Split("weights"));
        _averaged.eval();
        _trainer = Trainer(_network, _plan);
        try
        {
            _checkpoints.Open();
            if (_checkpoints.Newest is { } newest)
            {
                _trainer.Restore(newest, context.Planned.Id);
                Checkpoints.Checked(newest, _trainer.Step);
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
    public override ComputeEngine Engine => TorchEnvironment.Describe(_plan.Precision);

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute()
    {
        Train();
        _trainer.CopyAverageTo(_averaged);
        Metric[] rows = [.. Likelihoods(), .. ZeroShot(), .. Training()];
        Generate();
        return rows;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _trainer.Dispose();
        _averaged.Dispose();
        _network.Dispose();
    }

    private Trainer Trainer(Ddit network, TrainingPlan plan) => new(
        network,
        _objective,
        _task.Training(new BatchStream(_context.Data.Train, _context.Spec.Data.Length, plan.BatchSize, _context.Random.Split("batches"))),
        plan,
        _context.Random.Split("training"),
        TorchEnvironment.Device);

    // A training like the one to come, thrown away once it is timed: at most a twentieth of the time, at most some seconds.
    private double SecondsPerStep(DditShape shape, TrainingPlan plan, TimeBudget time)
    {
        const double Most = 5, Share = 0.05;
        using var network = new Ddit(shape, _context.Random.Split("weights"));
        _context.Stage("measuring", 0);
        double seconds = StepTimer.Measure(each => Trainer(network, each), plan, Math.Min(Most, Share * time.Seconds), _context.Stop);
        _context.Stage("measuring", 1);
        return seconds;
    }

    private void Train()
    {
        using (var log = _context.Folder.Training(_trainer.Step))
        {
            var before = _context.ReadCurve();
            var hooks = new TrainingHooks(_context, _plan, log, _checkpoints, Validator(), before.Count > 0 ? before[^1].Seconds : 0);
            _context.Stage("training", (double)_trainer.Step / _plan.Steps);
            _trainer.Run(hooks, _context.Stop);
        }

        _context.Stop.ThrowIfCancellationRequested();
    }

    // A few sequences with few draws: enough for a curve, cheap enough to be evaluated often.
    private Func<Trainer, double> Validator()
    {
        const int Sequences = 64, Draws = 4;
        var chunks = _task.Evaluation(new EvaluationChunks(_context.Data.Validation, _context.Spec.Data.Length, Sequences));
        var likelihood = new Likelihood(_objective, Draws, _context.Random.Split("validation while training"), TorchEnvironment.Device);
        return trainer =>
        {
            trainer.CopyAverageTo(_averaged);
            return likelihood.Of(_averaged, chunks).Bits;
        };
    }

    private IEnumerable<Metric> Likelihoods()
    {
        foreach (var (part, chunks) in _splits)
        {
            string split = SplitNames.Of(part);
            var rows = Likelihood(split, chunks, out var estimate);
            foreach (var metric in rows)
                yield return metric;
            if (estimate.Targets < (long)chunks.Count * chunks.Length)
                continue; // the source's entropy is that of whole texts
            foreach (var metric in _context.Likelihoods.Truth(split, _context.Spec.Data.Source, chunks, estimate))
                yield return metric;
        }
    }

    private IEnumerable<Metric> ZeroShot() => _context.ZeroShot((name, chunks) => Likelihood(name, chunks, out _));

    private IEnumerable<Metric> Likelihood(string split, EvaluationChunks chunks, out LikelihoodEstimate estimate)
    {
        var likelihood = new Likelihood(_objective, _context.Spec.Evaluation.Draws, _context.Random.Split("likelihood").Split(split),
            TorchEnvironment.Device);
        estimate = likelihood.Of(
            _averaged, _task.Evaluation(chunks), done => _context.Stage(split, (double)done / chunks.Count), _context.Stop);
        var bound = _objective.ForLikelihood;
        string protocol = _context.Likelihoods.Protocol(chunks, bound, likelihood.Draws) + Condition(estimate) + Substitute() + Measured();
        return _context.Likelihoods.Of(split, estimate, chunks, bound.IsExact, protocol);
    }

    private string Condition(LikelihoodEstimate estimate) =>
        _task.Condition(_method) is { Length: > 0 } given
            ? $"; {given}, and likelihoods are per token of the other {estimate.Targets}"
            : "";

    private string Measured() => _budget is null ? "" : $"; trained for {_budget}";

    private string Substitute() => _plan.Precision == _context.Spec.Training!.Precision
        ? ""
        : $"; trained in {PrecisionNames.Of(_plan.Precision)}, since this processor has no fast "
            + $"{PrecisionNames.Of(_context.Spec.Training.Precision)}";

    private void Generate()
    {
        if (_context.Spec.Sampling.Count == 0)
            return;
        var (main, rows) = new GenerationStudy(_method, _context, _averaged).Carry();
        _context.Folder.WriteGeneration(rows);
        SampleFiles.Write(_context, main.Sequences);
    }

    private IEnumerable<Metric> Training()
    {
        yield return TrainingMetrics.Parameters.Row(Splits.None, _network.Shape.Parameters);
        yield return TrainingMetrics.Tokens.Row(Splits.None, _plan.Steps * _plan.BatchSize * _context.Spec.Data.Length);
        yield return TrainingMetrics.Steps.Row(Splits.None, _plan.Steps, protocol: _budget?.ToString() ?? "");
        double speed = _context.ReadCurve().Select(point => point.TokensPerSecond).Median();
        string protocol = $"median over training.csv, {PrecisionNames.Of(_plan.Precision)} products, {_plan.BatchSize} sequences a step";
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
    private double _seconds = before;

    /// <inheritdoc/>
    public string? LastCheckpoint => checkpoints.Newest;

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        _seconds += point.Seconds;
        var row = point with { Seconds = _seconds };
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
