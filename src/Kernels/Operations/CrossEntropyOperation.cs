using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels.Operations;

/// <summary>−ln softmax(logits + bias)[target] over all entries but one.</summary>
/// <param name="logits">[.., V] float32 or bfloat16.</param>
/// <param name="bias">[V] float32, or null.</param>
/// <param name="targets">[..] int64; none is the closed entry.</param>
/// <param name="closed">The entry that has no probability; −1 for none.</param>
/// <param name="overwrites">Whether the gradient may take the place of the logits, which are not read afterwards.</param>
internal sealed unsafe class CrossEntropyOperation(Tensor logits, Tensor? bias, Tensor targets, long closed, bool overwrites = false)
    : FusedOperation
{
    private Tensor? keptLogits, keptBias, keptTargets, keptNorms;

    /// <inheritdoc/>
    public override Tensor[] Forward(bool recorded)
    {
        using var timed = OperatorProfile.Time("cross-entropy");
        var (tokens, width) = Memory.Rows(logits, "logits");
        Memory.Require(targets.numel() == tokens, "each row of logits needs a target", logits, targets);
        Memory.Require(bias is null || bias.numel() == width, "the bias has one number for each entry", logits, bias);
        Tensor nats = empty(targets.shape, float32, logits.device), norms = empty([tokens], float32, logits.device);
        Library.Check(Library.bench_cross_entropy(new()
        {
            Type = Memory.Code(logits.dtype),
            Tokens = tokens,
            Width = width,
            Closed = closed,
            Logits = Memory.Any(logits, logits.dtype, "logits"),
            Bias = Memory.Floats(bias, "bias"),
            Targets = Memory.Integers(targets, "targets"),
            Nats = Memory.Floats(nats, "nats"),
            Norms = Memory.Floats(norms, "norms"),
        }));
        GC.KeepAlive(nats);
        GC.KeepAlive(this);
        if (recorded)
            (keptLogits, keptBias, keptTargets, keptNorms) = (Keep(logits), Keep(bias), Keep(targets), Keep(norms));
        norms.Dispose();
        return [nats];
    }

    /// <inheritdoc/>
    public override Tensor?[] Backward(Tensor?[] gradients)
    {
        using var timed = OperatorProfile.Time("cross-entropy", isBackward: true);
        if (gradients[0] is not { } gnats)
            return [null, null];
        var (tokens, width) = Memory.Rows(keptLogits!, "logits");
        var type = keptLogits!.dtype;
        Tensor glogits = overwrites ? keptLogits.alias() : empty_like(keptLogits);
        var gbias = keptBias is null ? null : empty_like(keptBias);
        Library.Check(Library.bench_cross_entropy_back(new()
        {
            Type = Memory.Code(type),
            Tokens = tokens,
            Width = width,
            Closed = closed,
            Logits = Memory.Any(keptLogits, type, "logits"),
            Bias = Memory.Floats(keptBias, "bias"),
            Targets = Memory.Integers(keptTargets, "targets"),
            Norms = Memory.Floats(keptNorms, "norms"),
            Gnats = Memory.Floats(gnats, "gradient"),
            Glogits = Memory.Any(glogits, type, "gradient of the logits"),
            Gbias = Memory.Floats(gbias, "gradient of the bias"),
        }));
        GC.KeepAlive(gnats);
        GC.KeepAlive(this);
        return [glogits, gbias];
    }
}
