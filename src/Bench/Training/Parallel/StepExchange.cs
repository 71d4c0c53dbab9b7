using Bench.Backbone;
using Bench.Kernels;
using Bench.Kernels.Ranks;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Training.Parallel;

/// <summary>What ranks that train one network exchange: its state at the beginning, then gradients, losses and requests to stop.</summary>
/// <remarks>Whatever ends a training early is agreed on, so that no rank waits in a sum that another one does not join.</remarks>
internal sealed class StepExchange : IDisposable
{
    private readonly IRanks ranks;
    private readonly GradientBuckets buckets;

    /// <summary>Prepares the exchange of a network's gradients.</summary>
    public StepExchange(Ddit network, IRanks ranks)
    {
        this.ranks = ranks;
        buckets = new GradientBuckets([.. network.named_parameters().Select(entry => entry.parameter)], ranks);
    }

    /// <summary>Whether a rank asked to stop in the last exchange.</summary>
    public bool Stops { get; private set; }

    /// <summary>Asks all ranks whether to stop, outside of a step.</summary>
    /// <param name="asked">Whether this rank was asked to.</param>
    public bool Agree(bool asked) => Stops = ranks.Any(asked);

    /// <summary>
    /// The last backward pass of a step, during which gradients that are done are sent. On a card, whose gradients go through the host,
    /// they are sent behind it: a copy would have the pass wait for the card.
    /// </summary>
    /// <param name="loss">A scalar that needs a gradient.</param>
    public void Backward(Tensor loss)
    {
        buckets.Take();
        Backpropagation.Run(loss, buckets.SendMade);
        buckets.SendRest();
    }

    /// <summary>The whole batch's loss, and its gradients in place of this rank's.</summary>
    /// <param name="loss">[] what this rank's rows add to the loss.</param>
    /// <param name="asked">Whether this rank was asked to stop.</param>
    /// <returns>[] float64, where the loss was.</returns>
    public Tensor Sum(Tensor loss, bool asked)
    {
        using var scope = NewDisposeScope();
        // Before buckets are waited for, since it waits patiently: a rank may be late because it evaluates.
        Span<double> few = [loss.ToDouble(), asked ? 1 : 0];
        ranks.Sum(few);
        Stops = few[1] > 0;
        buckets.Receive();
        return tensor(few[0], float64).On(loss.device).MoveToOuterDisposeScope();
    }

    /// <summary>Replaces a training's state by that of rank 0.</summary>
    /// <param name="step">Updates done.</param>
    /// <param name="state">Weights, moments and averages.</param>
    /// <returns>Rank 0's step.</returns>
    public long Share(long step, IEnumerable<Tensor> state)
    {
        byte[] number = BitConverter.GetBytes(step);
        ranks.Broadcast(number);
        foreach (var tensor in state)
            ranks.Broadcast(tensor);
        return BitConverter.ToInt64(number);
    }

    /// <inheritdoc/>
    public void Dispose() => buckets.Dispose();
}
