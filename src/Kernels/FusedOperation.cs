using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>
/// Fused kernels as one node of the autograd graph: what is computed, what is kept for the backward pass, and the gradients.
/// </summary>
/// <remarks>An operation runs once. What it keeps is released as soon as its gradients are made, not when the graph is dropped.</remarks>
internal abstract class FusedOperation
{
    // By reference: tensors of equal numbers are equal to TorchSharp.
    private readonly HashSet<Tensor> kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether gradients were made, for which what was kept is gone.</summary>
    internal bool IsSpent { get; private set; }

    /// <summary>How many tensors <see cref="Apply"/> was given, null ones included.</summary>
    internal int Inputs { get; private set; }

    /// <summary>Handles of the results before they are recorded in the graph.</summary>
    internal Tensor[] Unrecorded { get; set; } = [];

    /// <summary>The results; runs without recording.</summary>
    /// <param name="recorded">Whether <see cref="Backward"/> may follow, so that what it needs has to be kept.</param>
    public abstract Tensor[] Forward(bool recorded);

    /// <summary>The gradient of every input of <see cref="Apply"/>, in their order; null for none.</summary>
    /// <param name="gradients">Of each result, contiguous; null where nothing depends on it.</param>
    public abstract Tensor?[] Backward(Tensor?[] gradients);

    /// <summary>Computes the results, as a node of the graph where a gradient may be asked for.</summary>
    /// <param name="inputs">All tensors that may need a gradient.</param>
    public Tensor[] Apply(params Tensor?[] inputs)
    {
        if (!is_grad_enabled() || !inputs.Any(input => input is not null && input.requires_grad))
            return Forward(recorded: false);
        Backpropagation.ThrowIfFailed();
        Inputs = inputs.Length;
        Tensor[] results = [.. FusedNode.apply([this, .. inputs])];
        // They hold the results' memory beyond what the caller releases.
        foreach (var handle in Unrecorded)
            handle.Dispose();
        return results;
    }

    /// <summary>Releases all that was kept.</summary>
    internal virtual void Release()
    {
        foreach (var tensor in kept)
            tensor.Dispose();
        kept.Clear();
        IsSpent = true;
    }

    /// <summary>Another handle of a tensor's numbers, held until the gradients are made; null for null.</summary>
    protected Tensor? Keep(Tensor? tensor)
    {
        if (tensor is null)
            return null;
        var own = tensor.detach().DetachFromDisposeScope();
        kept.Add(own);
        return own;
    }

    /// <summary>Releases something that was kept before the rest.</summary>
    protected void Release(Tensor? tensor)
    {
        if (tensor is not null && kept.Remove(tensor))
            tensor.Dispose();
    }
}

/// <summary>The one custom function through which fused operations are recorded in the autograd graph.</summary>
internal sealed class FusedNode : autograd.MultiTensorFunction<FusedNode>
{
    private const string Operation = "operation";

    /// <inheritdoc/>
    public override string Name => nameof(FusedNode);

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var operation = (FusedOperation)vars[0];
        ctx.save_data(Operation, operation);
        ctx.set_materialize_grads(false);
        operation.Unrecorded = operation.Forward(recorded: true);
        return [.. operation.Unrecorded];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
        Backpropagation.Guarded((FusedOperation)ctx.get_data(Operation), grad_outputs);
}
