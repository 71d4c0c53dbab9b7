using System.Diagnostics;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>The training loop, for every method.</summary>
public sealed class Trainer : IDisposable
{
    private readonly Ddit network;
    private readonly IObjective objective;
    private readonly IExamples data;
    private readonly TrainingPlan plan;
    private readonly RandomStream levels;
    private readonly RandomStream noise;
    private readonly RandomStream dropout;
    private readonly Device device;
    private readonly AdamW optimiser;

    /// <summary>Prepares to train from the first step.</summary>
    public Trainer(Ddit network, IObjective objective, IExamples data, TrainingPlan plan, RandomStream randomness, Device device)
    {
        this.network = network;
        this.objective = objective;
        this.data = data;
        this.plan = plan;
        this.device = device;
        levels = randomness.Split("levels");
        noise = randomness.Split("noise");
        dropout = randomness.Split("dropout");
        optimiser = new AdamW(network, plan);
    }

    /// <summary>Updates done.</summary>
    public long Step { get; private set; }

    private IEnumerable<(string Name, Tensor Tensor)> State =>
        network.named_parameters().Select(entry => (WeightOf(entry.name), (Tensor)entry.parameter)).Concat(optimiser.State);

    private static string WeightOf(string parameter) => $"weight/{parameter}";

    /// <summary>Trains from <see cref="Step"/> to the plan's end.</summary>
    /// <param name="hooks">Notified of progress, asked for validations and checkpoints.</param>
    /// <param name="stop">Ends the loop after the update in progress.</param>
    /// <exception cref="SuiteException">The loss or the gradient is not a finite number; no weight has been changed by it.</exception>
    public void Run(ITrainingHooks hooks, CancellationToken stop)
    {
        network.train();
        network.ProductType = plan.Precision == Precision.BFloat16 ? bfloat16 : float32;
        var clock = Stopwatch.StartNew();
        (double loss, double norm, long steps) sum = default;
        while (Step < plan.Steps && !stop.IsCancellationRequested)
        {
            using var scope = NewDisposeScope();
            var reading = OperatorProfile.Time("batch");
            var batch = data.Read(Step * plan.BatchSize, plan.BatchSize);
            reading.Dispose();
            network.DropoutDraws = dropout.Split((ulong)Step);
            var strata = Strata.Of(plan.BatchSize, row => levels.Uniform(Step, row));

            var forward = OperatorProfile.Time("corruption and loss");
            using var loss = Mean(objective.PerPosition(network, batch, strata, noise, device), batch);
            forward.Dispose();
            using (OperatorProfile.Time("backward pass", isBackward: true))
                Backpropagation.Run(loss);
            var (value, norm) = (loss.ToDouble(), optimiser.GradientNorm());
            if (!double.IsFinite(value) || !double.IsFinite(norm))
                throw Diverged(value, norm, batch, hooks.LastCheckpoint);
            optimiser.Update(Step, norm);
            Step++;

            sum = (sum.loss + value, sum.norm + norm, sum.steps + 1);
            bool validates = plan.ValidateEvery > 0 && (Step % plan.ValidateEvery == 0 || Step == plan.Steps);
            bool keeps = Step % plan.CheckpointEvery == 0 || Step == plan.Steps || stop.IsCancellationRequested;
            // A row goes before a checkpoint, so that what is averaged after it is the same whether or not the run was resumed there.
            if (Step % plan.LogEvery == 0 || validates || keeps)
            {
                double seconds = clock.Elapsed.TotalSeconds;
                double? bits = validates ? hooks.Validate(this) : null;
                hooks.Log(new TrainingPoint(
                    Step, Step * plan.BatchSize * data.Length, seconds, sum.loss / sum.steps, sum.norm / sum.steps, plan.RateAt(Step - 1),
                    sum.steps * plan.BatchSize * data.Length / seconds, bits));
                network.train();
                sum = default;
                clock.Restart();
            }

            if (keeps || stop.IsCancellationRequested)
                hooks.Checkpoint(this);
        }
    }

    /// <summary>Writes everything that going on needs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run that is trained.</param>
    public void Save(string path, string run) => Checkpoint.Save(path, run, Step, State);

    /// <summary>Goes on from a checkpoint of the same run, bit for bit as if never interrupted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run.</param>
    /// <exception cref="SuiteException">The file is damaged, or belongs to another run or network.</exception>
    public void Restore(string path, string run) => Step = Checkpoint.Load(path, run, State);

    /// <summary>Puts the moving average that a checkpoint of a run holds into a network, the one to evaluate.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="network">Of the shape that was trained.</param>
    /// <returns>The step the checkpoint was taken at.</returns>
    /// <exception cref="SuiteException">The file is damaged, or belongs to another run or network.</exception>
    public static long LoadAverage(string path, string run, Ddit network)
    {
        var parameters = network.named_parameters().Select(entry => (Name: entry.name, Tensor: (Tensor)entry.parameter)).ToList();
        return Checkpoint.Load(
            path,
            run,
            Averages(network),
            parameters.SelectMany(one => AdamW.MomentsOf(one.Name).Prepend(WeightOf(one.Name)).Select(name => (name, one.Tensor.shape))));
    }

    /// <summary>As <see cref="LoadAverage"/>, the weights of the last step.</summary>
    public static long LoadWeights(string path, string run, Ddit network)
    {
        var parameters = network.named_parameters().Select(entry => (Name: entry.name, Tensor: (Tensor)entry.parameter)).ToList();
        return Checkpoint.Load(
            path,
            run,
            parameters.Select(one => (WeightOf(one.Name), one.Tensor)),
            parameters.SelectMany(
                one => AdamW.MomentsOf(one.Name).Prepend(AdamW.AverageOf(one.Name)).Select(name => (name, one.Tensor.shape))));
    }

    /// <summary>Writes a checkpoint that a network can be evaluated from, but no training resumed: it holds one set of weights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="step">Updates that the weights have seen, as far as that is known.</param>
    /// <param name="network">The network.</param>
    public static void SaveAverage(string path, string run, long step, Ddit network) => Checkpoint.Save(path, run, step, Averages(network));

    /// <summary>Reads what <see cref="SaveAverage"/> wrote.</summary>
    public static long LoadSingle(string path, string run, Ddit network) => Checkpoint.Load(path, run, Averages(network));

    /// <summary>Puts the moving average of the weights into another network of the same shape, the one to evaluate.</summary>
    public void CopyAverageTo(Ddit other) => other.Fill(optimiser.Averages.ToDictionary(entry => entry.Name, entry => entry.Tensor));

    /// <inheritdoc/>
    public void Dispose() => optimiser.Dispose();

    private static IEnumerable<(string Name, Tensor Tensor)> Averages(Ddit network) =>
        network.named_parameters().Select(entry => (AdamW.AverageOf(entry.name), (Tensor)entry.parameter));

    // Per target: a batch whose every token is given has nothing to learn from.
    private static Tensor Mean(Tensor nats, ExampleBatch batch)
    {
        if (!batch.IsConditional)
            return nats.mean();
        long targets = Enumerable.Range(0, batch.Rows).Sum(row => (long)batch.TargetsOf(row));
        return nats.sum() / tensor((double)Math.Max(1, targets), nats.dtype, nats.device);
    }

    private SuiteException Diverged(double loss, double norm, ExampleBatch batch, string? checkpoint) => new(
        $"training diverged at step {Step}: the loss is {loss}, the gradient's norm {norm}, on examples {batch.Examples[0]} to "
            + $"{batch.Examples[^1]}; "
            + (checkpoint is null ? "no checkpoint was written yet" : $"the last good checkpoint is {checkpoint}"),
        "Lower training.learning-rate or training.clip-norm, or use float32 precision; a changed definition is a new run.");
}
