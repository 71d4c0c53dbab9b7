using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels.Operations;

/// <summary>GELU, in the form with tanh, of x + bias.</summary>
/// <param name="x">[.., D] float32 or bfloat16.</param>
/// <param name="bias">[D] float32.</param>
internal sealed unsafe class GeluOperation(Tensor x, Tensor bias) : FusedOperation
{
    private Tensor? keptX, keptBias;

    /// <inheritdoc/>
    public override Tensor[] Forward(bool recorded)
    {
        using var timed = OperatorProfile.Time("gelu");
        var (tokens, width) = Memory.Rows(x, "x");
        Memory.Require(bias.numel() == width, "GELU's bias has one number for each of a row", x, bias);
        var y = empty_like(x);
        Library.Check(
            Library.bench_gelu(
                new() { Type = Memory.Code(x.dtype), Tokens = tokens, Width = width, X = Memory.Any(x, x.dtype, "x"),
                    Bias = Memory.Floats(bias, "bias"), Y = Memory.Any(y, x.dtype, "y") }));
        GC.KeepAlive(y);
        GC.KeepAlive(this);
        if (recorded)
            (keptX, keptBias) = (Keep(x), Keep(bias));
        return [y];
    }

    /// <inheritdoc/>
    public override Tensor?[] Backward(Tensor?[] gradients)
    {
        using var timed = OperatorProfile.Time("gelu", isBackward: true);
        if (gradients[0] is not { } gy)
            return [null, null];
        var (tokens, width) = Memory.Rows(keptX!, "x");
        Tensor gx = empty_like(keptX!), gbias = empty_like(keptBias!);
        var type = gy.dtype;
        Library.Check(Library.bench_gelu_back(new()
        {
            Type = Memory.Code(type),
            Tokens = tokens,
            Width = width,
            X = Memory.Any(keptX, type, "x"),
            Bias = Memory.Floats(keptBias, "bias"),
            Gy = Memory.Any(gy, type, "gradient"),
            Gx = Memory.Any(gx, type, "gradient of x"),
            Gbias = Memory.Floats(gbias, "gradient of the bias"),
        }));
        GC.KeepAlive(gy);
        GC.KeepAlive(this);
        return [gx, gbias];
    }
}
