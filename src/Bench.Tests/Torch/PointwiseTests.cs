using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class PointwiseTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Tensor, Func<double, double> Number)> Unary = new()
    {
        ["abs"] = (x => x.abs(), Math.Abs),
        ["alias"] = (x => x.alias(), x => x),
        ["cos"] = (x => x.cos(), Math.Cos),
        ["torch.cos"] = (cos, Math.Cos),
        ["exp"] = (x => x.exp(), Math.Exp),
        ["torch.exp"] = (exp, Math.Exp),
        ["expm1"] = (x => x.expm1(), x => Math.Exp(x) - 1),
        ["log"] = (x => x.log(), Math.Log),
        ["torch.log"] = (log, Math.Log),
        ["log1p"] = (x => x.log1p(), x => Math.Log(1 + x)),
        ["neg"] = (x => x.neg(), x => -x),
        ["minus"] = (x => -x, x => -x),
        ["pow 3"] = (x => x.pow(3), x => x * x * x),
        ["pow 0.5"] = (x => x.pow(0.5), Math.Sqrt),
        ["reciprocal"] = (x => x.reciprocal(), x => 1 / x),
        ["rsqrt"] = (x => x.rsqrt(), x => 1 / Math.Sqrt(x)),
        ["sigmoid"] = (x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["silu"] = (x => x.silu(), x => x / (1 + Math.Exp(-x))),
        ["functional.silu"] = (x => nn.functional.silu(x), x => x / (1 + Math.Exp(-x))),
        ["functional.silu in place"] = (x => nn.functional.silu(x.clone(), inplace: true), x => x / (1 + Math.Exp(-x))),
        ["sin"] = (x => x.sin(), Math.Sin),
        ["torch.sin"] = (sin, Math.Sin),
        ["sqrt"] = (x => x.sqrt(), Math.Sqrt),
        ["square"] = (x => x.square(), x => x * x),
        ["tanh"] = (x => x.tanh(), Math.Tanh),
        ["gelu"] = (x => nn.functional.gelu(x), Gelu),
        ["gelu none"] = (x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.none), Gelu),
        ["gelu tanh"] = (x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh), GeluByTanh),
        ["gelu tanh in place"] = (x => nn.functional.gelu(x.clone(), TorchSharp.Modules.GELU.Approximate.tanh, inplace: true), GeluByTanh),
        ["x + 2.5"] = (x => x + 2.5, x => x + 2.5),
        ["2.5 + x"] = (x => 2.5 + x, x => x + 2.5),
        ["x - 2.5"] = (x => x - 2.5, x => x - 2.5),
        ["1 - x"] = (x => 1 - x, x => 1 - x),
        ["x * 2.5f"] = (x => x * 2.5f, x => x * 2.5),
        ["3 * x"] = (x => 3 * x, x => 3 * x),
        ["x / 4"] = (x => x / 4, x => x / 4),
        ["clamp"] = (x => x.clamp(0.5, 1), x => Math.Clamp(x, 0.5, 1)),
        ["clamp below"] = (x => x.clamp(min: 0.5), x => Math.Max(x, 0.5)),
        ["clamp above"] = (x => x.clamp(max: 0.5), x => Math.Min(x, 0.5)),
        ["add_ number"] = (x => x.clone().add_(3), x => x + 3),
        ["mul_ number"] = (x => x.clone().mul_(3), x => x * 3),
        ["fill_"] = (x => x.clone().fill_(7), _ => 7),
        ["zero_"] = (x => x.clone().zero_(), _ => 0),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Tensor, Func<double, double, double> Number)> Binary = new()
    {
        ["+"] = ((x, y) => x + y, (x, y) => x + y),
        ["-"] = ((x, y) => x - y, (x, y) => x - y),
        ["*"] = ((x, y) => x * y, (x, y) => x * y),
        ["/"] = ((x, y) => x / y, (x, y) => x / y),
        ["maximum"] = ((x, y) => x.maximum(y), Math.Max),
        ["torch.maximum"] = (maximum, Math.Max),
        ["minimum"] = ((x, y) => x.minimum(y), Math.Min),
        ["torch.minimum"] = (minimum, Math.Min),
        ["add_"] = ((x, y) => x.clone().add_(y), (x, y) => x + y),
        ["add_ scaled"] = ((x, y) => x.clone().add_(y, -0.5), (x, y) => x - (0.5 * y)),
        ["sub_"] = ((x, y) => x.clone().sub_(y), (x, y) => x - y),
        ["mul_"] = ((x, y) => x.clone().mul_(y), (x, y) => x * y),
        ["div_"] = ((x, y) => x.clone().div_(y), (x, y) => x / y),
        ["addcmul_"] = ((x, y) => x.clone().addcmul_(y, y, 0.25), (x, y) => x + (0.25 * y * y)),
        ["addcdiv_"] = ((x, y) => x.clone().addcdiv_(x, y, 2), (x, y) => x + (2 * x / y)),
        ["copy_"] = ((x, y) => x.clone().copy_(y), (_, y) => y),
    };

    public static TheoryData<string> UnaryNames => [.. Unary.Keys];

    public static TheoryData<string> BinaryNames => [.. Binary.Keys];

    [Theory, MemberData(nameof(UnaryNames))]
    public void A_function_of_one_tensor_is_the_function_of_each_number(string name)
    {
        using var scope = NewDisposeScope();
        double[] numbers = TensorAssert.Spread(12, 0.1, 2);
        TensorAssert.Close([.. numbers.Select(Unary[name].Number)], Unary[name].Tensor(tensor(numbers, [3, 4])));
        TensorAssert.Close([.. numbers.Select(Unary[name].Number)], Unary[name].Tensor(tensor(numbers, [3, 4], float32)), 1e-6);
        TensorAssert.Close([.. numbers.Select(Unary[name].Number)], Unary[name].Tensor(tensor(numbers, [3, 4], bfloat16)), 0.03);
    }

    [Theory, MemberData(nameof(BinaryNames))]
    public void A_function_of_two_tensors_is_the_function_of_each_pair(string name)
    {
        using var scope = NewDisposeScope();
        double[] x = TensorAssert.Spread(12, -2, 2), y = TensorAssert.Spread(12, 0.5, 3, start: 40);
        double[] expected = [.. x.Zip(y, Binary[name].Number)];
        TensorAssert.Close(expected, Binary[name].Tensor(tensor(x, [3, 4]), tensor(y, [3, 4])));
        TensorAssert.Close(expected, Binary[name].Tensor(tensor(x, [3, 4], float32), tensor(y, [3, 4], float32)), 1e-6);
        TensorAssert.Close(expected, Binary[name].Tensor(tensor(x, [3, 4], bfloat16), tensor(y, [3, 4], bfloat16)), 0.05);
    }

    [Fact]
    public void Operations_in_place_return_the_object_they_worked_on()
    {
        using var x = ones(3);
        Assert.Same(x, x.add_(1));
        TensorAssert.Close([2, 2, 2], x);
    }

    [Fact]
    public void Numbers_are_broadcast_over_the_missing_dimension()
    {
        using var scope = NewDisposeScope();
        var rows = tensor([1.0, 2], [2, 1]);
        var columns = tensor([10.0, 20, 30]);
        TensorAssert.Close([11, 21, 31, 12, 22, 32], rows + columns);
    }

    // 0.5 x (1 + erf(x/√2)); the error function by its alternating series, which converges fast on [0, 2].
    private static double Gelu(double x)
    {
        double z = x / Math.Sqrt(2), term = z, sum = z;
        for (int n = 1; n < 60; n++)
        {
            term *= -z * z / n;
            sum += term / ((2 * n) + 1);
        }

        return 0.5 * x * (1 + (2 / Math.Sqrt(Math.PI) * sum));
    }

    private static double GeluByTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
}
