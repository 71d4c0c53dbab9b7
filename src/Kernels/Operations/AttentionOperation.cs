using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels.Operations;

/// <summary>
/// softmax(q kᵀ / √width) v of every head, q and k rotated; scores are never stored, and tiles that the mask closes not computed.
/// </summary>
/// <param name="qkv">[B, L, 3·heads·width] float32 or bfloat16.</param>
/// <param name="cosines">[1 or B, L, 1, width/2] float32.</param>
/// <param name="sines">The same.</param>
/// <param name="mask">[1 or B, 1, L, L] float32, 0 or −∞; null for full attention.</param>
/// <param name="heads">How many.</param>
internal sealed unsafe class AttentionOperation(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads) : FusedOperation
{
    private Tensor? keptQkv, keptCosines, keptSines, keptMask, keptOut, keptNorms;

    /// <summary>Batch, length and width of a head.</summary>
    /// <exception cref="ArgumentException">Not [batch, length, 3·heads·width] with an even width.</exception>
    public static (long Batch, long Length, long Width) Sizes(Tensor qkv, int heads) =>
        qkv.dim() == 3 && heads > 0 && qkv.size(2) % (6 * heads) == 0
        ? (qkv.size(0), qkv.size(1), qkv.size(2) / (3 * heads))
        : throw new ArgumentException(
            $"queries, keys and values are [batch, length, 3 · {heads} heads · width] with an even width, not " +
                $"[{string.Join(", ", qkv.shape)}]", nameof(qkv));

    /// <inheritdoc/>
    public override Tensor[] Forward(bool recorded)
    {
        using var timed = OperatorProfile.Time("attention");
        var call = Call(qkv, cosines, sines, mask);
        var result = empty([call.Batch, call.Length, call.Heads * call.Width], qkv.dtype, qkv.device);
        var norms = empty([call.Batch, call.Heads, call.Length], float32, qkv.device);
        call.Out = Memory.Any(result, qkv.dtype, "result");
        call.Norms = Memory.Floats(norms, "norms");
        Library.Check(Library.bench_attention(call));
        GC.KeepAlive(result);
        GC.KeepAlive(this);
        if (recorded)
            (keptQkv, keptCosines, keptSines, keptMask, keptOut, keptNorms) =
                (Keep(qkv), Keep(cosines), Keep(sines), Keep(mask), Keep(result), Keep(norms));
        norms.Dispose();
        return [result];
    }

    /// <inheritdoc/>
    public override Tensor?[] Backward(Tensor?[] gradients)
    {
        using var timed = OperatorProfile.Time("attention", isBackward: true);
        if (gradients[0] is not { } given)
            return [null];
        var call = Call(keptQkv!, keptCosines!, keptSines!, keptMask);
        var gqkv = empty_like(keptQkv!);
        call.Out = Memory.Any(keptOut, keptQkv!.dtype, "result");
        call.Norms = Memory.Floats(keptNorms, "norms");
        call.Gout = Memory.Any(given, keptQkv.dtype, "gradient");
        call.Gqkv = Memory.Any(gqkv, keptQkv.dtype, "gradient of queries, keys and values");
        Library.Check(Library.bench_attention_back(call));
        GC.KeepAlive(given);
        GC.KeepAlive(this);
        return [gqkv];
    }

    private AttentionCall Call(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask)
    {
        var (batch, length, width) = Sizes(qkv, heads);
        long angles = length * width / 2, square = length * length;
        Memory.Require(
            angles > 0 && (cosines.numel() == angles || cosines.numel() == batch * angles) && sines.numel() == cosines.numel(),
            "angles are [1 or batch, length, 1, width / 2]", cosines, qkv);
        Memory.Require(
            mask is null || mask.numel() == square || mask.numel() == batch * square, "a mask is [1 or batch, 1, length, length]", mask,
            qkv);
        return new()
        {
            Type = Memory.Code(qkv.dtype),
            Batch = batch,
            Length = length,
            Heads = heads,
            Width = width,
            Qkv = Memory.Any(qkv, qkv.dtype, "queries, keys and values"),
            Cosines = Memory.Floats(cosines, "cosines"),
            Sines = Memory.Floats(sines, "sines"),
            Angles = cosines.numel() / angles,
            Mask = Memory.Floats(mask, "mask"),
            Masks = mask is null ? 1 : mask.numel() / square,
        };
    }
}
