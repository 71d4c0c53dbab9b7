using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class AutogradTests
{
    [Fact]
    public void Gradients_add_up_until_they_are_forgotten()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2], requires_grad: true);
        Assert.Null(x.grad);
        x.square().sum().backward();
        TensorAssert.Close([2, 4], x.grad!);
        x.square().sum().backward();
        TensorAssert.Close([4, 8], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = tensor([1.0, 1]);
        x.square().sum().backward();
        TensorAssert.Close([3, 5], x.grad!);
    }

    [Fact]
    public void A_tensor_that_is_no_scalar_needs_the_gradient_that_arrives_at_it()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2], requires_grad: true);
        var message = Assert.Throws<TorchException>(() => x.square().backward()).Message;
        Assert.Contains("scalar outputs", message, StringComparison.Ordinal);
        x.square().backward([tensor([10.0, 100])]);
        TensorAssert.Close([20, 400], x.grad!);
    }

    [Fact]
    public void A_graph_can_be_walked_again_only_when_it_was_kept()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2], requires_grad: true);
        var y = x.exp().sum();
        y.backward(null, retain_graph: true);
        y.backward();
        TensorAssert.Close([2 * Math.E, 2 * Math.E * Math.E], x.grad!);
        Assert.Throws<TorchException>(y.backward);
    }

    [Fact]
    public void Grad_returns_gradients_and_leaves_the_leaves_alone()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2], requires_grad: true);
        var y = tensor([3.0, 4], requires_grad: true);
        var found = autograd.grad([(x * y).sum()], [x, y]);
        TensorAssert.Close([3, 4], found[0]);
        TensorAssert.Close([1, 2], found[1]);
        Assert.Null(x.grad);
        TensorAssert.Close([6, 16], autograd.grad([x * y], [y], [tensor([6.0, 8])])[0]);
    }

    [Fact]
    public void Grad_of_an_unused_tensor_is_an_error_or_null()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);
        var stranger = tensor(1.0, requires_grad: true);
        Assert.Throws<TorchException>(() => autograd.grad([x.square()], [stranger]));
        var found = autograd.grad([x.square()], [x, stranger], allow_unused: true);
        Assert.Equal(4, found[0].ToDouble());
        Assert.Null(found[1]);
    }

    [Fact]
    public void Second_derivatives_by_way_of_a_recorded_gradient()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        Assert.Equal(12, first.ToDouble(), 12);
        Assert.Equal(12, autograd.grad([first], [x])[0].ToDouble(), 12);
    }

    [Fact]
    public void Nothing_is_recorded_under_no_grad_and_the_mode_before_comes_back()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True((x * 2).requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact]
    public void The_mode_belongs_to_the_thread()
    {
        using var recorded = no_grad();
        bool elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
    }

    [Fact]
    public void Under_inference_mode_nothing_is_recorded_nor_can_be_later()
    {
        using var scope = NewDisposeScope();
        var weight = ones([2], requires_grad: true);
        Tensor made;
        Assert.False(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            made = weight * 2;
            Assert.False(made.requires_grad);
            using (inference_mode(false))
                Assert.True((weight * 2).requires_grad);
        }

        Assert.False(is_inference_mode_enabled());
        TensorAssert.Close([2, 2], made);
        Assert.Throws<TorchException>(() => (weight * made).sum());
    }

    [Fact]
    public void A_detached_tensor_is_a_constant()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3.0, requires_grad: true);
        (x * x.detach()).backward();
        Assert.Equal(3, x.grad!.ToDouble());
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void Gradients_flow_through_a_cast_to_bf16_and_arrive_in_the_leafs_type()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2], float32, requires_grad: true);
        x.to(bfloat16).square().sum().backward();
        Assert.Equal(float32, x.grad!.dtype);
        TensorAssert.Close([2, 4], x.grad!, 0.01);
    }

    [Fact]
    public void Only_numbers_with_a_fraction_have_gradients()
    {
        var message = Assert.Throws<TorchException>(() => zeros([2], int64, requires_grad: true)).Message;
        Assert.Contains("floating point", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_record_graphs_of_their_own()
    {
        double[] sums = new double[4];
        Parallel.For(0, 4, i =>
        {
            using var scope = NewDisposeScope();
            var x = full([8], i, float64, requires_grad: true);
            for (int step = 0; step < 50; step++)
                (x * x).sum().backward();
            sums[i] = x.grad!.sum().ToDouble();
        });
        Assert.Equal([0, 800, 1600, 2400], sums);
    }
}
