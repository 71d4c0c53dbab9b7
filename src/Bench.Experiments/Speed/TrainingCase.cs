using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results.Runs;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Whole training steps: batch, noise, forward, backward, AdamW, average of the weights.</summary>
/// <param name="Method">Which method.</param>
/// <param name="Size">At which size.</param>
public sealed record TrainingCase(NetworkMethod Method, SpeedSize Size) : ISpeedCase
{
    /// <inheritdoc/>
    public string Name => $"train-{Method.Name}-{Size.Name}";

    /// <inheritdoc/>
    public Precision Usual => Precision.BFloat16;

    /// <inheritdoc/>
    public ISpeedWork Begin(Precision precision) => new TrainingWork(this, precision);
}

/// <summary>A training that is asked for one step at a time.</summary>
internal sealed class TrainingWork : ISpeedWork, ITrainingHooks
{
    private const int TextTokens = 1 << 18;
    private readonly Ddit network;
    private readonly Trainer trainer;
    private CancellationTokenSource? enough;

    public TrainingWork(TrainingCase row, Precision precision)
    {
        var (method, size, root) = (row.Method, row.Size, RandomStream.Root(1));
        var text =
            new TokenArray(size.Vocabulary, [.. Enumerable.Range(0, TextTokens).Select(i => root.Below(size.Vocabulary.TokenCount, 0, i))]);
        var plan = new TrainingPlan(
            Steps: long.MaxValue,
            size.Batch,
            LearningRate: 1e-4,
            WarmupSteps: 0,
            FinalRate: 1,
            WeightDecay: 0.01,
            Beta2: 0.99,
            ClipNorm: 1,
            EmaDecay: 0.999,
            precision,
            LogEvery: 1,
            ValidateEvery: 0,
            CheckpointEvery: int.MaxValue);
        var setup = method.Setup(size.Vocabulary, size.Length);
        var objective = method.Objective(setup);
        network = new Ddit(size.Shape(method.View), root).On(TorchEnvironment.Device);
        trainer = new Trainer(
            network, objective, new BatchStream(text, size.Length, size.Batch, root), plan, root, TorchEnvironment.Device);
        Tokens = (double)size.Batch * size.Length;
        Flops = NominalFlops.OfTraining(
            network.Shape, size.Batch, size.Length, doubled: ExamplePasses.Of(objective, setup).Slots >= 2 * size.Length);
    }

    public double Tokens { get; }

    public double Steps => 1;

    public double Flops { get; }

    string? ITrainingHooks.LastCheckpoint => null;

    // The loop is stopped as soon as it reports a step.
    public void Once(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using (enough = new CancellationTokenSource())
            trainer.Run(this, enough.Token);
    }

    public void Dispose()
    {
        trainer.Dispose();
        network.Dispose();
    }

    void ITrainingHooks.Log(TrainingPoint point) => enough!.Cancel();

    double ITrainingHooks.Validate(Trainer trained) => double.NaN;

    void ITrainingHooks.Checkpoint(Trainer trained)
    {
        // Nothing of it is kept.
    }
}
