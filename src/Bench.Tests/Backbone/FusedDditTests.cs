using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Numerics;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>The network with fused kernels against itself in float64, where there are none.</summary>
[Collection(nameof(Alone))]
public sealed class FusedDditTests : IDisposable
{
    private readonly OwnKernels before = KernelSwitch.Used;

    /// <summary>Positions whose logits are requested.</summary>
    public enum Asked
    {
        /// <summary>A few: the last block computes these alone.</summary>
        Some,

        /// <summary>All, by index.</summary>
        All,

        /// <summary>All, without.</summary>
        Everything,
    }

    public static TheoryData<Conditioning, bool, bool, Asked, double> Networks
    {
        get
        {
            TheoryData<Conditioning, bool, bool, Asked, double> all = [];
            foreach (var asked in Enum.GetValues<Asked>())
            {
                foreach (double dropout in new[] { 0, 0.2 })
                {
                    all.Add(Conditioning.Absent, false, true, asked, dropout);
                    foreach (bool perToken in new[] { false, true })
                    {
                        all.Add(Conditioning.Sigma, perToken, true, asked, dropout);
                        all.Add(Conditioning.Sigma, perToken, false, asked, dropout);
                    }
                }
            }

            return all;
        }
    }

    public static TheoryData<OwnKernels> Switches => [.. KernelSwitch.Each.Select(each => OwnKernels.All & ~each.Kernel), OwnKernels.None];

    public void Dispose() => KernelSwitch.Used = before;

    // Whatever is turned off, tensor operators give the same.
    [Theory, MemberData(nameof(Switches))]
    public void Each_kernel_can_be_turned_off_by_itself(OwnKernels used)
    {
        KernelSwitch.Used = used;
        Logits_and_gradients_are_those_of_the_plain_network(Conditioning.Sigma, perToken: false, modulatedHead: true, Asked.Some,
            dropout: 0);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Logits_and_gradients_are_those_of_the_plain_network(Conditioning conditioning, bool perToken, bool modulatedHead,
        Asked asked, double dropout)
    {
        const int Rows = 3, Length = 20;
        const double Most = 2e-5;
        var shape = TinyNetwork.Conditioned with { Conditioning = conditioning, ModulatedHead = modulatedHead, Dropout = dropout };
        using var scope = NewDisposeScope();
        var hyperschedule = Hyperschedule.Block(Length, 5, 5);
        var view = new BackboneView(Shifted: false, AttentionKind.BlockCausal, conditioning);
        var layout = SequenceLayout.Step(hyperschedule, 2, Length, view);
        var tokens = tensor(Enumerable.Range(0, Rows * Length).Select(i => (long)(i * 7 % 6)).ToArray(), [Rows, Length]);
        var wanted = asked switch { Asked.Some => tensor(new long[] { 1, 5, 13, 44, 59 }), Asked.All => arange(Rows * Length, int64),
            _ => null };
        var sigma = conditioning == Conditioning.Absent ? null : perToken
            ? tensor(Enumerable.Range(0, Rows * Length).Select(i => i % 4 * 0.3).ToArray(), [Rows, Length])
            : tensor(new[] { 0.1, 0.5, 2 });
        double[][] fused = All(float32), plain = All(float64);
        foreach (var (x, y) in fused.Zip(plain))
            Assert.InRange(x.Zip(y).Max(pair => Math.Abs(pair.First - pair.Second)), 0, Most * y.Max(Math.Abs));

        double[][] All(ScalarType type)
        {
            using var network = TorchSharp.ModuleExtensionMethods.to(new Ddit(shape, RandomStream.Root(1)), type);
            network.Scatter(RandomStream.Root(2));
            network.DropoutDraws = RandomStream.Root(3);
            var logits = network.Logits(tokens, sigma, wanted, layout);
            Backpropagation.Run(logits.square().sum());
            return [.. network.parameters().Select(parameter => parameter.grad!).Prepend(logits)
                .Select(tensor => tensor.detach().to(float64).contiguous().data<double>().ToArray())];
        }
    }
}
