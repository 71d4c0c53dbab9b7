using System.Runtime.InteropServices;
using Bench.Kernels.Native;
using Bench.Kernels.Operations;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Chains of tensor operators in one pass over memory each, with their gradients.</summary>
/// <remarks>
/// Sums are in float32, whatever type the numbers come in, and no result depends on the number of threads. What the kernels are worth is in
/// docs/speed.md; <see cref="KernelSwitch"/> turns them off.
/// </remarks>
public static unsafe class FusedKernels
{
    /// <summary>What stands for an instruction set where there are no kernels.</summary>
    public const string NoSet = "none";

    /// <summary>Rows up to which a linear layer is a kernel's on every processor, and a block in generation one call.</summary>
    public const int LargestSmallBatch = 32;

    /// <summary>The instruction set that they were chosen for, or <see cref="NoSet"/>.</summary>
    /// <exception cref="ArgumentException">This processor has no such set, or no kernels were built.</exception>
    public static string InstructionSet
    {
        get => Library.IsLoaded ? Marshal.PtrToStringUTF8((nint)Library.bench_instruction_set())! : NoSet;

        set
        {
            if (!Library.IsLoaded)
                throw new ArgumentException("no kernels were built", nameof(value));
            Library.Check(Library.bench_choose_instruction_set(value));
        }
    }

    /// <summary>Those that can be used here.</summary>
    public static OwnKernels Usable => Library.IsLoaded ? OwnKernels.All : OwnKernels.None;

    /// <summary>Whether the kernels were built.</summary>
    public static bool AreBuilt => Library.IsLoaded;

    /// <summary>Whether one is to be used, and can work in a type on a tensor's device.</summary>
    /// <param name="kernel">Which one.</param>
    /// <param name="stream">The residual stream, or what logits are made of.</param>
    /// <param name="type">The type of products.</param>
    public static bool Supports(OwnKernels kernel, Tensor stream, ScalarType type) =>
        KernelSwitch.Uses(kernel) && Library.IsLoaded && type is ScalarType.Float32 or ScalarType.BFloat16
            && stream.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && stream.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>What the residual stream becomes with a branch, x + gate · (branch + bias), and that normalised by layer (ε = 1e-5), times
    /// a weight, times 1 + scale, plus shift.</summary>
    /// <inheritdoc cref="NormaliseOperation"/>
    /// <returns>The stream [.., D] float32, and the result [.., D].</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    public static (Tensor Stream, Tensor Normal) Normalise(
        Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale,
        ScalarType type)
    {
        var results = new NormaliseOperation(x, branch, bias, gates, gate, weight, table, index, shift, scale, type).Apply(
            x, branch, bias, gates, weight, table);
        return (branch is null ? x.alias() : results[0], results[^1]);
    }

    /// <summary><see cref="Normalise"/> without the stream as a result.</summary>
    /// <returns>The result [.., D].</returns>
    /// <inheritdoc cref="Normalise"/>
    public static Tensor NormaliseLast(
        Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale,
        ScalarType type) =>
        new NormaliseOperation(x, branch, bias, gates, gate, weight, table, index, shift, scale, type, asksStream: false).Apply(
            x, branch, bias, gates, weight, table)[0];

    /// <summary>GELU, in the form with tanh, of x + bias.</summary>
    /// <inheritdoc cref="GeluOperation"/>
    /// <returns>As x.</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    public static Tensor Gelu(Tensor x, Tensor bias) => new GeluOperation(x, bias).Apply(x, bias)[0];

    /// <summary>softmax(q kᵀ / √width) v of every head, q and k rotated; scores are never stored, and tiles that the mask closes not
    /// computed.</summary>
    /// <inheritdoc cref="AttentionOperation"/>
    /// <returns>[B, L, heads·width]</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    public static Tensor Attention(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads) =>
        new AttentionOperation(qkv, cosines, sines, mask, heads).Apply(qkv)[0];

    /// <summary>The same for a few tokens behind a KV cache; without a gradient.</summary>
    /// <param name="qkv">[B, Q, 3·heads·width]</param>
    /// <param name="cosines">[1, Q, 1, width/2] float32.</param>
    /// <param name="sines">The same.</param>
    /// <param name="mask">[1, 1, Q, K + Q] float32, 0 or −∞; null for full attention.</param>
    /// <param name="heads">How many.</param>
    /// <param name="keys">[R, heads, positions, width] float32, the first K of them kept.</param>
    /// <param name="values">The same.</param>
    /// <param name="kept">K.</param>
    /// <param name="rows">[B] each sequence's row of the cache. Null for R = B in their order; then keys and values of the Q
    /// tokens are appended to the cache.</param>
    /// <returns>[B, Q, heads·width]</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    /// <exception cref="NotSupportedException">A gradient is asked for.</exception>
    public static Tensor AttentionWithCache(
        Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept, Tensor? rows)
    {
        using var timed = OperatorProfile.Time("attention with cache");
        if (is_grad_enabled() && qkv.requires_grad)
            throw new NotSupportedException("Attention with a cache has no gradient.");
        var (batch, length, width) = AttentionOperation.Sizes(qkv, heads);
        var call = WithCache(batch, length, width, cosines, sines, mask, heads, keys, values, kept, rows);
        var result = empty([batch, length, heads * width], qkv.dtype, qkv.device);
        call.Type = Memory.Code(qkv.dtype);
        call.Qkv = Memory.Any(qkv, qkv.dtype, "queries, keys and values");
        call.Out = Memory.Any(result, qkv.dtype, "result");
        Library.Check(Library.bench_attention_with_cache(call));
        KeepAlive(qkv, cosines, sines, mask, keys, values, rows, result);
        return result;
    }

    /// <summary>A whole block of a few float32 rows with a KV cache in one call; without a gradient.</summary>
    /// <param name="norm1">The normalisation in front of the attention, of all rows.</param>
    /// <param name="norm2">[D] scale of the one in front of the MLP, with the gate of the attention, shift and scale in parts 2, 3 and 4 of
    /// the first one's modulation.</param>
    /// <param name="qkv">[3·D, D]</param>
    /// <param name="attentionOut">[D, D]</param>
    /// <param name="up">[H, D]</param>
    /// <param name="upBias">[H]</param>
    /// <param name="down">[D, H]</param>
    /// <param name="x">[B, Q, D] the stream of <paramref name="norm1"/>.</param>
    /// <param name="cosines">As for <see cref="AttentionWithCache"/>, like all that follow.</param>
    /// <param name="sines">[1, Q, 1, width/2]</param>
    /// <param name="mask">[1, 1, Q, K + Q] or null.</param>
    /// <param name="heads">How many.</param>
    /// <param name="keys">[R, heads, positions, width]</param>
    /// <param name="values">The same.</param>
    /// <param name="kept">K.</param>
    /// <param name="rows">[B] or null.</param>
    /// <returns>The stream after the attention, and the output of the MLP without its bias; both [B, Q, D].</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    internal static (Tensor Stream, Tensor Output) BlockWithCache(
        NormaliseOperation norm1, Tensor norm2, Tensor qkv, Tensor attentionOut, Tensor up, Tensor upBias, Tensor down,
        Tensor x, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept, Tensor? rows)
    {
        using var timed = OperatorProfile.Time("block of a small batch");
        long width = x.size(-1), hidden = upBias.numel();
        Memory.Require(
            qkv.numel() == 3 * width * width && attentionOut.numel() == width * width && up.numel() == hidden * width
                && down.numel() == hidden * width && norm2.numel() == width && width % (2 * heads) == 0,
            "a block's weights belong to the width of its stream", qkv, x);
        Tensor stream = empty_like(x), output = empty_like(x);
        var first = norm1.Describe();
        var second = first with
        {
            Weight = Memory.Floats(norm2, "weight"),
            Bias = null,
            Gates = first.Table,
            GatesStride = first.TableStride,
            Gate = 2 * width,
            Shift = 3 * width,
            Scale = 4 * width,
            Stream = Memory.Floats(stream, "stream"),
        };
        Library.Check(Library.bench_block_with_cache(new()
        {
            Norm1 = first,
            Norm2 = second,
            Attention = WithCache(x.size(0), x.size(1), width / heads, cosines, sines, mask, heads, keys, values, kept, rows),
            Hidden = hidden,
            Qkv = Memory.Floats(qkv, "qkv"),
            AttentionOut = Memory.Floats(attentionOut, "weight"),
            Up = Memory.Floats(up, "weight"),
            UpBias = Memory.Floats(upBias, "bias"),
            Down = Memory.Floats(down, "weight"),
            Output = Memory.Floats(output, "output"),
        }));
        KeepAlive(norm2, qkv, attentionOut, up, upBias, down, x, cosines, sines, mask, keys, values, rows, stream, output);
        GC.KeepAlive(norm1);
        return (stream, output);
    }

    /// <summary>Whether the batch is as small as <see cref="BlockWithCache"/> is made for.</summary>
    internal static bool IsSmallBatch(Tensor x) => HasLinear(x) && x.numel() <= LargestSmallBatch * x.size(-1);

    private static bool HasLinear(Tensor x) =>
        Supports(OwnKernels.Linear, x, ScalarType.Float32) && x.dtype == float32 && x.is_contiguous();

    private static AttentionWithCacheCall WithCache(
        long batch, long length, long width, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept,
        Tensor? rows)
    {
        Memory.Require(
            cosines.numel() == length * width / 2 && sines.numel() == cosines.numel(),
            "angles are [1, length, 1, width / 2]", cosines, sines);
        Memory.Require(
            keys.dim() == 4 && keys.size(1) == heads && keys.size(3) == width && keys.numel() == values.numel() && kept >= 0
                && kept + length <= keys.size(2),
            "cached keys and values are [batch, heads, positions, width] with room for all positions", keys, values);
        Memory.Require(mask is null || mask.numel() == length * (kept + length), "a mask is [1, 1, length, kept + length]", mask, keys);
        bool paired = rows is null ? keys.size(0) == batch : rows.numel() == batch;
        Memory.Require(paired, "each sequence needs its row of the cache", rows ?? keys, keys);
        long* chosen = Memory.Integers(rows, "rows");
        for (long i = 0; chosen is not null && i < batch; i++)
            Memory.Require(chosen[i] >= 0 && chosen[i] < keys.size(0), $"sequence {i} asks for row {chosen[i]} of the cache", rows, keys);
        return new()
        {
            Batch = batch,
            Length = length,
            Heads = heads,
            Width = width,
            Cosines = Memory.Floats(cosines, "cosines"),
            Sines = Memory.Floats(sines, "sines"),
            Mask = Memory.Floats(mask, "mask"),
            Keys = Memory.Floats(keys, "cached keys"),
            Values = Memory.Floats(values, "cached values"),
            Positions = keys.size(2),
            Kept = kept,
            Chosen = chosen,
        };
    }

    /// <summary>A linear layer, x Wᵀ + b: without a gradient, and where ours is quicker, by <see cref="LinearWithoutGradient"/>, else by
    /// libtorch.</summary>
    /// <param name="x">[.., inner]</param>
    /// <param name="weight">[outer, inner] in the type of x.</param>
    /// <param name="bias">[outer], or null.</param>
    /// <returns>[.., outer]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) =>
        !is_grad_enabled() && weight.dtype == float32 && (Engine.HasNarrowProducts ? HasLinear(x) : IsSmallBatch(x))
            ? LinearWithoutGradient(x, weight, bias)
            : nn.functional.linear(x, weight, bias);

    /// <summary>x Wᵀ + b by a kernel. libtorch calls MKL, which has no kernel for a few rows and on AMD's processors leaves half of a 512
    /// bit vector unused.</summary>
    /// <param name="x">[.., inner] float32.</param>
    /// <param name="weight">[outer, inner] float32.</param>
    /// <param name="bias">[outer] float32, or null.</param>
    /// <returns>[.., outer]</returns>
    /// <exception cref="ArgumentException">What is given does not fit together.</exception>
    /// <exception cref="NotSupportedException">A gradient is asked for.</exception>
    public static Tensor LinearWithoutGradient(Tensor x, Tensor weight, Tensor? bias = null)
    {
        if (is_grad_enabled() && (x.requires_grad || weight.requires_grad))
            throw new NotSupportedException("This linear layer has no gradient.");
        Memory.Require(
            weight.dim() == 2 && weight.size(1) > 0 && x.dim() > 0 && x.size(-1) == weight.size(1),
            "rows are [.., inner] and a weight is [outer, inner], with something inside", x, weight);
        long inner = weight.size(1), outer = weight.size(0);
        Memory.Require(bias is null || bias.numel() == outer, "a bias has one number for each output", bias, weight);
        var y = empty([.. x.shape[..^1], outer], float32, x.device);
        Library.Check(Library.bench_linear(
            Memory.Floats(x, "x"), Memory.Floats(weight, "weight"), Memory.Floats(bias, "bias"), Memory.Floats(y, "result"),
            x.numel() / inner, inner, outer));
        KeepAlive(x, weight, bias, y);
        return y;
    }

    /// <summary>−ln softmax(logits + bias)[target] over all entries but one.</summary>
    /// <inheritdoc cref="CrossEntropyOperation"/>
    /// <returns>[..] float32 nats.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a target is outside the vocabulary.</exception>
    public static Tensor NegativeLogLikelihood(Tensor logits, Tensor? bias, Tensor targets, long closed, bool overwrites = false) =>
        new CrossEntropyOperation(logits, bias, targets, closed, overwrites).Apply(logits, bias)[0];

    private static void KeepAlive(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors) GC.KeepAlive(tensor);
    }
}
