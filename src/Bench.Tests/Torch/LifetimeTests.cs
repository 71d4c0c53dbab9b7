using System.Runtime.CompilerServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>Counts of the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class LifetimeTests
{
    [Fact]
    public void Every_tensor_of_a_scope_comes_back()
    {
        Settle();
        long before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            TrainingStep();
            Assert.True(Tensor.TotalCount > before);
        }

        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount > before);
    }

    [Fact]
    public void Forgotten_tensors_come_back_with_the_garbage_collector()
    {
        Settle();
        long before = Tensor.TotalCount;
        Forget(100);
        Settle();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_thousand_training_steps_leave_the_native_heap_as_it_was()
    {
        // A step makes some 25 kB: losing one of its tensors in ten steps would show.
        Assert.InRange(LeastGrowth(ScopedStep, times: 1000), long.MinValue, 20_000);
    }

    [Fact]
    public void Errors_leave_the_native_heap_as_it_was()
    {
        using var x = zeros(100, 100);
        using var y = zeros(3, 3);
        Assert.InRange(LeastGrowth(() => Assert.Throws<TorchException>(() => x + y), times: 100), long.MinValue, 20_000);
    }

    [Fact]
    public void Memory_outlives_the_object_while_the_graph_or_a_view_needs_it()
    {
        using var x = tensor([1.0, 2], requires_grad: true);
        var hidden = x * 3;
        using var loss = hidden.square().sum();
        hidden.Dispose();
        loss.backward();
        using var gradient = x.grad!;
        TensorAssert.Close([18, 36], gradient);
        var whole = arange(6);
        using var part = whole.narrow(0, 4, 2);
        whole.Dispose();
        TensorAssert.Close([4, 5], part);
    }

    [Fact]
    public void Collections_during_calls_on_forgotten_operands_do_no_harm()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                Settle();
        });
        collector.Start();
        for (int i = 0; i < 500; i++)
        {
            // Each operand is garbage as soon as its number has been read.
            Assert.Equal(64, Ones().shape[0] * Ones().size(0));
            Assert.Equal(float32, Ones().dtype);
            Assert.Equal(8, (Ones() + Ones()).NumberOfElements);
            Assert.Equal(16, cat([Ones(), Ones()]).sum().ToDouble());
            Assert.Equal(1, Ones().data<float>()[7]);
        }

        stop.Cancel();
        collector.Join();
    }

    [Fact]
    public void A_parameter_takes_the_place_of_the_tensor_it_is_made_from()
    {
        Settle();
        long before = Tensor.TotalCount;
        using (var scope = NewDisposeScope())
        {
            var data = zeros(2);
            var parameter = new TorchSharp.Modules.Parameter(data);
            Assert.True(data.IsInvalid);
            Assert.True(parameter.requires_grad);
            Assert.True(scope.Contains(parameter));
            Assert.Equal(1, scope.DisposablesCount);
            Assert.Equal(before + 1, Tensor.TotalCount);
            using var frozen = nn.Parameter(zeros(2), requires_grad: false);
            Assert.False(frozen.requires_grad);
            Assert.Throws<TorchException>(() => nn.Parameter(zeros(2, int64)));
            Assert.Throws<ObjectDisposedException>(() => nn.Parameter(data));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Ones() => ones(8);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (int i = 0; i < count; i++)
            _ = zeros(10);
    }

    // The runtime's own compilation of warm code grows the heap too, but not for ever; a leak grows it in every round.
    private static long LeastGrowth(Action work, int times)
    {
        Settle();
        long least = long.MaxValue, count = Tensor.TotalCount;
        for (int round = 0; round < 6; round++)
        {
            long before = Engine.HeapBytes;
            for (int i = 0; i < times; i++)
                work();
            Settle();
            Assert.Equal(count, Tensor.TotalCount);
            least = Math.Min(least, Engine.HeapBytes - before);
        }

        return least;
    }

    private static void ScopedStep()
    {
        using var scope = NewDisposeScope();
        TrainingStep();
    }

    private static void TrainingStep()
    {
        var weight = tensor(TensorAssert.Spread(64), [8, 8], requires_grad: true);
        var x = tensor(TensorAssert.Spread(128), [16, 8]);
        var parts = nn.functional.linear(x, weight).unbind();
        var loss = stack(parts).log_softmax(-1).gather(1, zeros([16, 1], int64)).mean();
        loss.backward();
        _ = weight.grad!.square().sum().ToDouble();
        _ = autograd.grad([weight.square().sum()], [weight]);
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
