using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Tests.Torch;

/// <summary>Gradients against central differences, (f(x + h) − f(x − h)) / 2h, in float64.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-5;

    // Each maps a tensor of 12 numbers to any tensor.
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["linear, input"] = x => functional.linear(x.view(3, 4), Constant(2, 4), Constant(2)),
        ["linear, weight"] = x => functional.linear(Constant(5, 4), x.view(3, 4)),
        ["linear, bias"] = x => functional.linear(Constant(5, 4), Constant(12, 4), x),
        ["layer_norm, input"] = x => functional.layer_norm(x.view(3, 4), [4], Constant(4), Constant(4)),
        ["layer_norm, weight"] = x => functional.layer_norm(Constant(2, 12), [12], x, Constant(12)),
        ["layer_norm, bias"] = x => functional.layer_norm(Constant(2, 12), [12], null, x),
        ["layer_norm, plain"] = x => functional.layer_norm(x, [12], eps: 1e-3),
        ["gelu"] = x => functional.gelu(x),
        ["gelu tanh"] = x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["silu"] = x => functional.silu(x),
        ["softmax"] = x => functional.softmax(x.view(3, 4), -1),
        ["log_softmax"] = x => functional.log_softmax(x.view(3, 4), -1),
        ["logsumexp"] = x => x.view(3, 4).logsumexp(0),
        ["cumsum"] = x => x.cumsum(0),
        ["gather"] = x => x.view(3, 4).gather(1, tensor([0L, 3, 3, 1, 2, 2], [3, 2])),
        ["scatter, source"] = x => Constant(3, 4).scatter(1, tensor([0L, 1, 2, 3, 3, 2, 1, 0, 1, 0, 3, 2], [3, 4]), x.view(3, 4)),
        ["where, first"] = x => where(tensor([.. TensorAssert.Spread(12).Select(u => u > 0)]), x, Constant(12)),
        ["where, second"] = x => where(tensor([.. TensorAssert.Spread(12).Select(u => u > 0)]), Constant(12), x),
        ["index_select"] = x => x.view(3, 4).index_select(0, tensor([2L, 0, 2])),
        ["index_add_"] = x => zeros([2, 4], float64).index_add_(0, tensor([1L, 0, 1]), x.view(3, 4), 2),
        ["cat"] = x => cat([x, x.narrow(0, 2, 3), Constant(2)]),
        ["stack"] = x => stack([x, x * 2], dim: 1),
        ["masked_fill"] = x => x.masked_fill(x > 0, 0),
        ["masked_select"] = x => x.masked_select(x > 0),
        ["matmul"] = x => x.view(3, 4).matmul(Constant(4, 5)),
        ["bmm"] = x => x.view(3, 2, 2).bmm(Constant(3, 2, 3)),
        ["transpose"] = x => x.view(3, 4).transpose(0, 1).contiguous().view(12) * Constant(12),
        ["permute"] = x => x.view(1, 3, 4).permute(2, 0, 1) * Constant(4, 1, 3),
        ["expand"] = x => x.view(12, 1).expand(12, 3) * Constant(3),
        ["repeat"] = x => x.repeat(3) * Constant(36),
        ["chunk"] = x => x.chunk(3)[1] * x.chunk(3)[2],
        ["unbind"] = x => x.view(3, 4).unbind()[1],
        ["slice"] = x => x.slice(0, 1, 11, 3),
        ["tril"] = x => x.view(3, 4).tril(),
        ["max"] = x => x.view(3, 4).max(1).values,
        ["mean"] = x => x.view(3, 4).mean([0]),
        ["exp"] = x => x.exp(),
        ["log"] = x => (x + 3).log(),
        ["log1p"] = x => x.log1p(),
        ["expm1"] = x => x.expm1(),
        ["rsqrt"] = x => (x + 3).rsqrt(),
        ["sigmoid"] = x => x.sigmoid(),
        ["tanh"] = x => x.tanh(),
        ["pow"] = x => x.pow(3),
        ["quotient"] = x => Constant(12) / (x + 3),
        ["difference from a number"] = x => 1 - x,
        ["clamp"] = x => x.clamp(-0.5, 0.5),
        ["sin cos"] = x => x.sin() * x.cos(),
        ["rotation of pairs"] = x => cat([(x.narrow(0, 0, 6) * 0.6) - (x.narrow(0, 6, 6) * 0.8), (x.narrow(0, 0, 6) * 0.8) + (x.narrow(0, 6, 6) * 0.6)]),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_is_the_limit_of_differences(string name)
    {
        using var scope = NewDisposeScope();
        double[] point = TensorAssert.Spread(12, -0.9, 0.9);
        var x = tensor(point, requires_grad: true);
        Weighted(name, x).backward();
        using var recorded = no_grad();
        double[] differences = new double[point.Length];
        for (int i = 0; i < point.Length; i++)
            differences[i] = (At(name, point, i, Step) - At(name, point, i, -Step)) / (2 * Step);
        TensorAssert.Close(differences, x.grad!, 1e-8);
    }

    private static double At(string name, double[] point, int place, double shift)
    {
        using var scope = NewDisposeScope();
        double[] moved = [.. point];
        moved[place] += shift;
        return Weighted(name, tensor(moved)).ToDouble();
    }

    // A sum with unequal weights: the plain sum of a softmax is constant and would hide errors.
    private static Tensor Weighted(string name, Tensor x)
    {
        var y = Functions[name](x).flatten();
        return (y * tensor(TensorAssert.Spread((int)y.numel(), 0.5, 1.5, start: 7))).sum();
    }

    private static Tensor Constant(params long[] shape) => tensor(TensorAssert.Spread((int)shape.Aggregate((product, size) => product * size), start: 100), shape);
}
