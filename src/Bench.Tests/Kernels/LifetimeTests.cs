using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Numerics;
using Bench.Tests.Backbone;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>
/// The native heap of the whole process. TorchSharp's count of tensors is no measure: it never takes back gradients that are none.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LifetimeTests
{
    [Fact]
    public void A_thousand_steps_leave_the_native_heap_as_it_was()
    {
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1));
        Step(network);
        // A step makes some 200 kB: losing one of its tensors in ten steps would show.
        Assert.InRange(LeastGrowth(() => Step(network), times: 250), long.MinValue, 5_000);
    }

    [KernelFact]
    public void A_failing_backward_pass_leaves_the_native_heap_as_it_was()
    {
        using var x = ones([100, 100], requires_grad: true);
        using var bias = ones([100]);
        void Fail()
        {
            using var scope = NewDisposeScope();
            var y = FusedKernels.Gelu(x, bias).sum();
            Assert.Throws<NotSupportedException>(() => Backpropagation.Gradients([y], [x], createGraph: true));
        }

        Fail();
        Assert.InRange(LeastGrowth(Fail, times: 100), long.MinValue, 20_000);
    }

    [Fact]
    public void Collections_during_steps_do_no_harm()
    {
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1));
        double expected = Step(network);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            // With a pause, or a large heap leaves the steps no time.
            while (!stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1)))
                Settle();
        });
        collector.Start();
        try
        {
            for (int i = 0; i < 40; i++)
                Assert.Equal(expected, Step(network));
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    // The runtime's own compilation of warm code grows the heap too, but not for ever; a leak grows it in every round.
    private static long LeastGrowth(Action work, int times)
    {
        Settle();
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = Engine.HeapBytes;
            for (int i = 0; i < times; i++)
                work();
            Settle();
            least = Math.Min(least, Engine.HeapBytes - before);
        }

        return least;
    }

    private static double Step(Ddit network)
    {
        const int Length = 20;
        using var scope = NewDisposeScope();
        var view = new BackboneView(Shifted: false, AttentionKind.BlockCausal, Conditioning.Sigma);
        var tokens = tensor(Enumerable.Range(0, 2 * Length).Select(i => (long)(i * 7 % 6)).ToArray(), [2, Length]);
        var layout = SequenceLayout.Step(Hyperschedule.Block(Length, 5, 5), 2, Length, view);
        var loss = network.NegativeLogLikelihood(new(tokens, tensor(new[] { 0.1, 0.5 }), Layout: layout), tokens, 6).mean();
        Backpropagation.Run(loss);
        foreach (var parameter in network.parameters())
            parameter.grad = null;
        return loss.ToDouble();
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
