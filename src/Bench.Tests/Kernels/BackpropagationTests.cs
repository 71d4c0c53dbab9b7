using Bench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>What would end the process in libtorch or in TorchSharp is an exception with a message, and later calls work.</summary>
public sealed class BackpropagationTests
{
    [KernelFact]
    public void An_exception_of_a_backward_pass_is_thrown_by_its_caller()
    {
        using var scope = NewDisposeScope();
        var x = ones([3], requires_grad: true);
        foreach (var run in new Action<Tensor>[] { Backpropagation.Run, loss => _ = Backpropagation.Gradients([loss], [x]) })
        {
            // Nodes in front of the failing one and behind it.
            var loss = new Failing(x * 2).Apply(x * 2)[0].square().sum();
            Assert.Equal("no gradient today", Assert.Throws<InvalidOperationException>(() => run(loss)).Message);
            Assert.Null(x.grad);
        }

        Backpropagation.Run(FusedKernels.Gelu(x, zeros(3)).sum());
        Assert.All(x.grad!.data<float>().ToArray(), gradient => Assert.Equal(1.0829642f, gradient, 1e-5f)); // GELU'(1)
    }

    [KernelFact]
    public void An_unobserved_failure_is_thrown_by_the_next_call()
    {
        using var scope = NewDisposeScope();
        var x = ones([3], requires_grad: true);
        var loss = new Failing(x).Apply(x)[0].sum();
#pragma warning disable RS0030 // as unaware callers do
        loss.backward();
#pragma warning restore RS0030
        Assert.Contains("no gradient today", Assert.Throws<InvalidOperationException>(() => FusedKernels.Gelu(x, zeros(3))).Message,
            StringComparison.Ordinal);
        Assert.Equal([3], FusedKernels.Gelu(x, zeros(3)).shape);
    }

    [KernelFact]
    public void A_second_derivative_is_refused_and_not_left_out()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones([3, 8], requires_grad: true), bias = ones([8], requires_grad: true);
        var y = FusedKernels.Gelu(x, bias).sum() + x.pow(3).sum();
        Assert.Contains("no second derivative",
            Assert.Throws<NotSupportedException>(() => Backpropagation.Gradients([y], [x], createGraph: true)).Message,
            StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(Backpropagation.Gradients([FusedKernels.Gelu(x, bias).sum()], [x])));
        // Where nothing is fused there is one: 6 x.
        var first = Assert.Single(Backpropagation.Gradients([x.pow(3).sum()], [x], createGraph: true));
        Assert.Equal(6, Assert.Single(Backpropagation.Gradients([first!.sum()], [x]))!.max().ToSingle());
    }

    [KernelFact]
    public void A_graph_whose_memory_is_released_is_refused()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones([2, 4], requires_grad: true), bias = zeros([4]);
        var y = FusedKernels.Gelu(x, bias).sum();
        _ = Backpropagation.Gradients([y], [x], retainGraph: true);
        Assert.Contains("made before", Assert.Throws<InvalidOperationException>(() => Backpropagation.Run(y)).Message,
            StringComparison.Ordinal);
    }

    [KernelFact]
    public void Gradients_that_cannot_be_are_refused_before_libtorch_is_asked()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones([3], requires_grad: true), other = ones([3], requires_grad: true);
        Assert.Contains("depends on nothing", Refusal([ones([1])], [x]), StringComparison.Ordinal);
        Assert.Contains("output 0 is [3]", Refusal([x * 2], [x]), StringComparison.Ordinal);
        Assert.Contains("output 0 is [3]", Refusal([x * 2], [x], [ones([2])]), StringComparison.Ordinal);
        Assert.Contains("input 1 needs no gradient", Refusal([x.sum()], [x, ones([1])]), StringComparison.Ordinal);
        var found = Backpropagation.Gradients([(x * 2).sum()], [x, other]);
        Assert.Equal([2f, 2f, 2f], found[0]!.data<float>().ToArray());
        Assert.Null(found[1]);

        static string Refusal(Tensor[] outputs, Tensor[] inputs, Tensor[]? along = null) =>
            Assert.Throws<ArgumentException>(() => Backpropagation.Gradients(outputs, inputs, along)).Message;
    }

    [KernelFact]
    public void A_tensor_that_is_gone_is_an_error_in_every_kernel()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones([2, 24]), bias = ones([24]), gone = ones([2, 24]), qkv = ones([1, 2, 24]), angles = ones([1, 2, 1, 4]);
        gone.Dispose();
        foreach (var call in new Action[]
        {
            () => FusedKernels.Gelu(gone, bias), () => FusedKernels.Gelu(x, gone),
            () => FusedKernels.Attention(gone, angles, angles, null, 1), () => FusedKernels.Attention(qkv, gone, angles, null, 1),
            () => FusedKernels.NegativeLogLikelihood(gone, null, zeros([2], int64), -1),
            () => FusedKernels.NegativeLogLikelihood(x, gone, zeros([2], int64), -1),
            () => FusedKernels.Normalise(gone, null, null, null, 0, bias, null, null, 0, 0, float32),
            () => FusedKernels.Normalise(x, gone, null, null, 0, bias, null, null, 0, 0, float32),
            () => FusedKernels.LinearWithoutGradient(gone, x), () => OptimiserKernel.SquaredNorm(gone),
            () => OptimiserKernel.AdamW([new(x, gone, x, x, x, 0)], default),
        })
        {
            Assert.Matches("(?i)invalid|disposed", Assert.ThrowsAny<InvalidOperationException>(call).Message);
        }
    }

    private sealed class Failing(Tensor x) : FusedOperation
    {
        public override Tensor[] Forward(bool recorded) => [x * 3];

        public override Tensor?[] Backward(Tensor?[] gradients) => throw new InvalidOperationException("no gradient today");
    }
}
