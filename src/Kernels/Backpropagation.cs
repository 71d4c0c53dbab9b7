using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>
/// Backward passes whose failures are exceptions: one that leaves managed code inside of a custom function, or native code inside of
/// <c>autograd.grad</c>, would end the process.
/// </summary>
public static class Backpropagation
{
    // Of the pass in progress on this thread. libtorch runs a graph of the CPU on the thread that asks for it.
    [ThreadStatic]
    private static ExceptionDispatchInfo? failure;

    // Gradients that the last node has handed to libtorch. Their handles have to live until it has read them, and no longer: they hold the
    // memory.
    [ThreadStatic]
    private static List<Tensor>? handed;

    // Called on this thread while the pass goes on; null for nothing.
    [ThreadStatic]
    private static Action? during;

    /// <summary>Adds the gradients of a scalar to those of all leaves that it depends on.</summary>
    /// <param name="loss">A scalar that needs a gradient.</param>
    /// <exception cref="Exception">What a fused operation has thrown; nothing behind it in the graph has a gradient then.</exception>
    public static void Run(Tensor loss) => Run(loss, between: null);

    /// <summary>The same, with something to do while the pass goes on.</summary>
    /// <param name="loss">A scalar that needs a gradient.</param>
    /// <param name="between">
    /// Called before the gradients of each fused operation are made, on the thread that computes them: TorchSharp has no hooks on tensors.
    /// Leaves behind which the pass is then have their gradients; others have none of this pass. Never called where there are no fused
    /// operations.
    /// </param>
    public static void Run(Tensor loss, Action? between)
    {
        ThrowIfFailed();
        during = between;
        try
        {
#pragma warning disable RS0030 // here is what the others call instead
            loss.backward();
#pragma warning restore RS0030
        }
        finally
        {
            during = null;
            Dispose();
        }

        ThrowIfFailed();
    }

    /// <summary>The gradients of some tensors' sum, without adding them to those of the leaves.</summary>
    /// <param name="outputs">Scalars, or anything with <paramref name="along"/>.</param>
    /// <param name="inputs">With respect to what.</param>
    /// <param name="along">The gradient of each output; null for ones.</param>
    /// <param name="createGraph">Whether derivatives of the gradients may follow; fused operations have none.</param>
    /// <param name="retainGraph">Whether the graph is used again.</param>
    /// <returns>Null for an input that no output depends on.</returns>
    /// <exception cref="ArgumentException">Outputs that need no gradient, or are no scalars, or do not fit
    /// <paramref name="along"/>.</exception>
    /// <exception cref="Exception">What a fused operation has thrown.</exception>
    public static IReadOnlyList<Tensor?> Gradients(
        IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? along = null, bool createGraph = false, bool retainGraph = false)
    {
        ThrowIfFailed();
        foreach (var (i, output) in outputs.Index())
        {
            if (!output.requires_grad)
                throw new ArgumentException($"output {i} depends on nothing that needs a gradient", nameof(outputs));
            if (along is null ? output.numel() != 1 : along.Count != outputs.Count || !along[i].shape.AsSpan().SequenceEqual(output.shape))
                throw new ArgumentException(
                    $"output {i} is [{string.Join(", ", output.shape)}], which needs a gradient of the same shape", nameof(along));
        }

        if (inputs.Index().FirstOrDefault(input => !input.Item.requires_grad) is { Item: not null } free)
            throw new ArgumentException($"input {free.Index} needs no gradient", nameof(inputs));
        IList<Tensor> found;
        try
        {
#pragma warning disable RS0030 // here is what the others call instead
            found = autograd.grad(
                outputs, inputs, along, retain_graph: retainGraph || createGraph, create_graph: createGraph, allow_unused: true);
#pragma warning restore RS0030
        }
        finally
        {
            Dispose();
        }

        ThrowIfFailed();
        return [.. found.Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient)];
    }

    /// <summary>Throws what an operation has thrown in a backward pass that no caller waited for.</summary>
    internal static void ThrowIfFailed()
    {
        var thrown = failure;
        failure = null;
        thrown?.Throw();
    }

    /// <summary>
    /// The gradients of an operation's inputs, behind one for the operation itself; none where it fails, which is thrown later.
    /// </summary>
    internal static List<Tensor> Guarded(FusedOperation operation, List<Tensor> gradients)
    {
        Dispose();
        List<Tensor> nothing = [.. Enumerable.Repeat<Tensor>(null!, operation.Inputs + 1)];
        try
        {
            if (failure is not null)
                return nothing;
            if (is_grad_enabled())
                throw new NotSupportedException(
                    "A fused operation has no second derivative. Set BENCH_FUSED=0 to compute with tensor operators alone.");
            if (operation.IsSpent)
                throw new InvalidOperationException(
                    "The gradients of this graph were made before, and what a fused operation keeps for them is released. Compute the " +
                        "value again, or set BENCH_FUSED=0.");
            using var scope = NewDisposeScope();
            during?.Invoke();
            var made = operation.Backward(
                [.. gradients.Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient.contiguous())]);
            handed = [.. made.OfType<Tensor>()];
            handed.ForEach(gradient => gradient.DetachFromDisposeScope());
            return [null!, .. made.Select(gradient => gradient!)];
        }
        catch (Exception thrown) // Whatever it is: it must not cross libtorch.
        {
            failure = ExceptionDispatchInfo.Capture(thrown);
            return nothing;
        }
        finally
        {
            gradients.ForEach(gradient => gradient?.Dispose());
            operation.Release();
        }
    }

    private static void Dispose()
    {
        handed?.ForEach(gradient => gradient.Dispose());
        handed = null;
    }
}
