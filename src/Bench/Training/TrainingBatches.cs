using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Objectives;
using Bench.Training.Parallel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>The batches of a training in their order; where that is asked for, the next one is made on another thread meanwhile.</summary>
/// <remarks>A batch is a function of its step alone: the numbers are the same either way.</remarks>
/// <param name="make">Makes the batch of a step, by one thread at a time.</param>
internal sealed class TrainingBatches(Func<long, TrainingBatch> make) : IDisposable
{
    private (long Step, Task<TrainingBatch> Batch)? ahead;

    /// <summary>Whether the next batch is made ahead.</summary>
    public bool IsAhead { get; set; }

    /// <summary>The batch of a step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="isLast">Whether none follows.</param>
    /// <exception cref="Exception">What making it has thrown.</exception>
    public TrainingBatch Take(long step, bool isLast)
    {
        if (!IsAhead)
            return make(step);
        TrainingBatch batch;
        if (ahead is var (made, coming) && made == step)
        {
            ahead = null;
            batch = coming.GetAwaiter().GetResult();
        }
        else
        {
            Dispose(); // of another step: the training was restored
            batch = make(step);
        }

        if (!isLast)
            ahead = (step + 1, Task.Run(() => make(step + 1)));
        return batch;
    }

    /// <summary>Waits for what is being made: it reads from the data, which may be closed next.</summary>
    public void Dispose()
    {
        // Its failure is that of a step that is not taken.
        ahead?.Batch.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        ahead = null;
    }
}

/// <summary>The examples of an update, in the parts that go through the network at once.</summary>
internal sealed class TrainingBatch
{
    private readonly ExampleBatch batch;
    private readonly bool isWhole; // one part is all of it

    private TrainingBatch(ExampleBatch batch, TrainingPart[] parts, bool isWhole) =>
        (this.batch, Parts, this.isWhole) = (batch, parts, isWhole);

    /// <summary>The numbers of the examples.</summary>
    public long[] Examples => batch.Examples;

    /// <summary>From the first row of the share to the last.</summary>
    public IReadOnlyList<TrainingPart> Parts { get; }

    /// <summary>Cuts a batch.</summary>
    /// <param name="batch">B examples.</param>
    /// <param name="levels">B noise levels, drawn for the whole batch: its strata are those of all its parts together.</param>
    /// <param name="share">The rows that are computed here; other ranks compute the others.</param>
    /// <param name="rows">Examples in a part; the last one has what is left.</param>
    /// <param name="loss">The loss of some of the examples at their levels.</param>
    public static TrainingBatch Of(
        ExampleBatch batch, double[] levels, RowShare share, int rows, Func<ExampleBatch, double[], DrawnLoss> loss) =>
        new(batch, [.. from first in Enumerable.Range(0, (share.Rows + rows - 1) / rows).Select(part => share.First + (part * rows))
            let end = Math.Min(share.End, first + rows)
            select new TrainingPart(first, end - first == batch.Rows
                ? loss(batch, levels)
                : loss(batch.Select([.. Enumerable.Range(first, end - first)]), levels[first..end]))],
            isWhole: Math.Min(share.Rows, rows) == batch.Rows);

    /// <summary>What a part adds to the loss of the batch, which is a mean over all its targets.</summary>
    /// <param name="nats">[rows, L] of the part.</param>
    public Tensor Share(Tensor nats)
    {
        if (batch.IsConditional)
        {
            // Per target: a batch whose every token is given has nothing to learn from.
            long targets = Enumerable.Range(0, batch.Rows).Sum(row => (long)batch.TargetsOf(row));
            return nats.sum() / tensor((double)Math.Max(1, targets), nats.dtype).On(nats.device);
        }

        return isWhole ? nats.mean() : nats.sum() / tensor((double)batch.Tokens.Length, nats.dtype).On(nats.device);
    }
}

/// <summary>A micro-batch.</summary>
/// <param name="FirstRow">The row of the batch that it begins with.</param>
/// <param name="Loss">Its loss.</param>
internal sealed record TrainingPart(int FirstRow, DrawnLoss Loss);

/// <summary>Updates the weights, and adds up loss and gradient norm for the next row of the log.</summary>
/// <param name="optimiser">Updates.</param>
internal class TrainingSums(IOptimiser optimiser) : IDisposable
{
    private (double Loss, double Norm) sum;

    /// <summary>Updates.</summary>
    protected IOptimiser Optimiser => optimiser;

    /// <summary>Steps since <see cref="Read"/>.</summary>
    protected long Steps { get; set; }

    /// <summary>Updates the weights by the gradients of a loss.</summary>
    /// <returns>Loss and norm where one of them is known to be no finite number: then no weight has been changed.</returns>
    public virtual (double Loss, double Norm)? Update(long step, Tensor loss)
    {
        var (value, norm) = (loss.ToDouble(), optimiser.GradientNorm());
        if (!double.IsFinite(value) || !double.IsFinite(norm))
            return (value, norm);
        optimiser.Update(step, norm);
        sum = (sum.Loss + value, sum.Norm + norm);
        Steps++;
        return null;
    }

    /// <summary>The means since the last time.</summary>
    public virtual (double Loss, double Norm, long Steps) Read()
    {
        var means = (sum.Loss / Steps, sum.Norm / Steps, Steps);
        (sum, Steps) = (default, 0);
        return means;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

/// <summary>
/// The same without waiting for the device: sums stay there until they are read. That a loss is no finite number comes out then, in front
/// of the checkpoint that would have kept what it did to the weights.
/// </summary>
/// <param name="optimiser">Updates.</param>
/// <param name="device">Where the network is.</param>
internal sealed class DeviceSums(IOptimiser optimiser, Device device) : TrainingSums(optimiser)
{
    private readonly Tensor sums = zeros([2], float64, device).DetachFromDisposeScope(); // loss, norm

    /// <inheritdoc/>
    public override (double Loss, double Norm)? Update(long step, Tensor loss)
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        var norm = Optimiser.GradientNormOnDevice();
        Optimiser.Update(step, norm);
        sums.add_(stack([loss.to(float64), norm.to(float64)], 0));
        Steps++;
        return null;
    }

    /// <inheritdoc/>
    public override (double Loss, double Norm, long Steps) Read()
    {
        using var scope = NewDisposeScope();
        double[] read = sums.OnHost().data<double>().ToArray();
        var means = (read[0] / Steps, read[1] / Steps, Steps);
        sums.zero_();
        Steps = 0;
        return means;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        sums.Dispose();
        base.Dispose();
    }
}
