using System.Diagnostics;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Kernels.Ranks;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Training.Parallel;
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
    private readonly IOptimiser optimiser;
    private readonly TrainingBatches batches;
    private readonly RowShare share;
    private readonly StepExchange? exchange; // null for a process that trains alone

    /// <summary>Prepares to train from the first step.</summary>
    /// <param name="network">Trained in place.</param>
    /// <param name="objective">The loss.</param>
    /// <param name="data">Examples without an end.</param>
    /// <param name="plan">How.</param>
    /// <param name="randomness">Draws levels, noise and dropout.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="ranks">The processes that share each batch; null for one that trains alone.</param>
    /// <exception cref="SuiteException">There are more ranks than examples in a batch.</exception>
    public Trainer(
        Ddit network, IObjective objective, IExamples data, TrainingPlan plan, RandomStream randomness, Device device, IRanks? ranks = null)
    {
        if (ranks?.Count > plan.BatchSize)
        {
            throw new SuiteException($"a batch of {plan.BatchSize} sequences cannot be shared out to {ranks.Count} ranks",
                $"Start at most {plan.BatchSize}, or raise training.batch-size, which is another experiment.");
        }

        this.network = network;
        this.objective = objective;
        this.data = data;
        this.plan = plan;
        this.device = device;
        levels = randomness.Split("levels");
        noise = randomness.Split("noise");
        dropout = randomness.Split("dropout");
        optimiser = plan.Optimiser.For(network, plan);
        share = RowShare.Of(plan.BatchSize, ranks);
        exchange = ranks is null ? null : new StepExchange(network, ranks);
        batches = new TrainingBatches(Prepare) { IsAhead = device.type != DeviceType.CPU };
    }

    /// <summary>Updates done.</summary>
    public long Step { get; private set; }

    /// <summary>Whether a loss or gradient was no finite number: then it ended in an exception, of all ranks alike.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>
    /// Whether a step leaves loss and norm on the device until a row of the log is due, and the batch after it is drawn meanwhile: on every
    /// device but the CPU, whose cores have the network to compute.
    /// </summary>
    internal bool IsAsynchronous { get => batches.IsAhead; init => batches.IsAhead = value; }

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
        using var sums = IsAsynchronous ? new DeviceSums(optimiser, device) : new TrainingSums(optimiser);
        ShareState();
        bool stops = exchange?.Agree(stop.IsCancellationRequested) ?? stop.IsCancellationRequested;
        while (Step < plan.Steps && !stops)
        {
            using var scope = NewDisposeScope();
            var batch = batches.Take(Step, isLast: Step + 1 == plan.Steps);
            network.DropoutDraws = dropout.Split((ulong)Step);
            using var loss = Accumulate(batch, stop);
            if (sums.Update(Step, loss) is var (value, norm))
                throw Diverged($"at step {Step}", value, norm, batch.Examples, hooks.LastCheckpoint);
            Step++;

            // Looked at once: what is not logged was not checked, and is not kept.
            stops = Stops(stop);
            bool validates = plan.ValidateEvery > 0 && (Step % plan.ValidateEvery == 0 || Step == plan.Steps);
            bool keeps = Step % plan.CheckpointEvery == 0 || Step == plan.Steps || stops;
            // A row goes before a checkpoint, so that what is averaged after it is the same whether or not the run was resumed there.
            if (Step % plan.LogEvery == 0 || validates || keeps)
            {
                var (meanLoss, meanNorm, steps) = sums.Read();
                if (!double.IsFinite(meanLoss) || !double.IsFinite(meanNorm))
                    throw Diverged($"in steps {Step - steps} to {Step - 1}", meanLoss, meanNorm, batch.Examples, hooks.LastCheckpoint);
                double seconds = clock.Elapsed.TotalSeconds;
                double? bits = validates ? hooks.Validate(this) : null;
                hooks.Log(new TrainingPoint(
                    Step, Step * plan.BatchSize * data.Length, seconds, meanLoss, meanNorm, plan.RateAt(Step - 1),
                    steps * plan.BatchSize * data.Length / seconds, bits));
                network.train();
                clock.Restart();
                stops |= Stops(stop); // a hook may have asked for it
            }

            if (keeps || stops)
            {
                hooks.Checkpoint(this);
                ShareState();
                stops |= Stops(stop);
            }
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
    /// <param name="optimiser">What it was trained by; null for AdamW.</param>
    /// <returns>The step the checkpoint was taken at.</returns>
    /// <exception cref="SuiteException">The file is damaged, or belongs to another run or network.</exception>
    public static long LoadAverage(string path, string run, Ddit network, IOptimiserChoice? optimiser = null)
    {
        optimiser ??= new AdamWChoice();
        var parameters = network.named_parameters().Select(entry => (Name: entry.name, Tensor: (Tensor)entry.parameter)).ToList();
        return Checkpoint.Load(
            path,
            run,
            Averages(network),
            parameters.SelectMany(
                one => optimiser.BuffersOf(one.Name).Prepend(WeightOf(one.Name)).Select(name => (name, one.Tensor.shape))));
    }

    /// <summary>As <see cref="LoadAverage"/>, the weights of the last step.</summary>
    public static long LoadWeights(string path, string run, Ddit network, IOptimiserChoice? optimiser = null)
    {
        optimiser ??= new AdamWChoice();
        var parameters = network.named_parameters().Select(entry => (Name: entry.name, Tensor: (Tensor)entry.parameter)).ToList();
        return Checkpoint.Load(
            path,
            run,
            parameters.Select(one => (WeightOf(one.Name), one.Tensor)),
            parameters.SelectMany(
                one => optimiser.BuffersOf(one.Name).Prepend(AdamW.AverageOf(one.Name)).Select(name => (name, one.Tensor.shape))));
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
    public void Dispose()
    {
        batches.Dispose();
        exchange?.Dispose();
        optimiser.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Averages(Ddit network) =>
        network.named_parameters().Select(entry => (AdamW.AverageOf(entry.name), (Tensor)entry.parameter));

    // What a rank is asked between two steps the others hear of with the next one: all of them stop behind the same step.
    private bool Stops(CancellationToken stop) => exchange?.Stops ?? stop.IsCancellationRequested;

    // Ranks begin alike, and behind a checkpoint go on as the ranks would that are started from it. In between equal gradients keep them
    // equal, up to the rounding of processors that differ.
    private void ShareState()
    {
        if (exchange is not null)
            Step = exchange.Share(Step, State.Select(entry => entry.Tensor));
    }

    // Everything of a step that takes no network: examples, levels and, where they are drawn ahead, noise.
    private TrainingBatch Prepare(long step)
    {
        using var timed = OperatorProfile.Time("batch");
        var batch = data.Read(step * plan.BatchSize, plan.BatchSize);
        var strata = Strata.Of(plan.Levels, plan.BatchSize, row => levels.Uniform(step, row));
        return TrainingBatch.Of(batch, strata, share, plan.RowsAtOnce, (rows, of) =>
            batches.IsAhead ? objective.Draw(rows, of, noise) : (asked, on) => objective.PerPosition(asked, rows, of, noise, on));
    }

    // Forward and backward, micro-batch by micro-batch and rank by rank: gradients add up to those of the whole batch.
    private Tensor Accumulate(TrainingBatch batch, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        foreach (var (i, part) in batch.Parts.Index())
        {
            using var step = NewDisposeScope();
            network.FirstRow = part.FirstRow;
            var forward = OperatorProfile.Time("corruption and loss");
            var loss = batch.Share(part.Loss(network, device));
            forward.Dispose();
            using (OperatorProfile.Time("backward pass", isBackward: true))
            {
                if (exchange is not null && i == batch.Parts.Count - 1)
                    exchange.Backward(loss);
                else
                    Backpropagation.Run(loss);
            }

            sum = (sum is null ? loss.detach() : sum + loss.detach()).MoveToOuterDisposeScope();
        }

        return (exchange?.Sum(sum!, stop.IsCancellationRequested) ?? sum!).MoveToOuterDisposeScope();
    }

    private SuiteException Diverged(string where, double loss, double norm, long[] examples, string? checkpoint)
    {
        HasDiverged = true;
        return new(
            $"training diverged {where}: the loss is {loss}, the gradient's norm {norm}, on examples {examples[0]} to {examples[^1]}; "
                + (checkpoint is null ? "no checkpoint was written yet" : $"the last good checkpoint is {checkpoint}"),
            "Lower training.learning-rate or training.clip-norm, or use float32 precision; a changed definition is a new run.");
    }
}
