using static TorchSharp.torch;

namespace Bench.Kernels;

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
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => Backpropagation.Guarded((FusedOperation)ctx.get_data(Operation), grad_outputs);
}
