using TorchSharp;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Chains of tensor operators in one pass over memory each, with their gradients; only the own binding has them.</summary>
/// <remarks>
/// Products of the attention and all sums are in float32, whatever type the numbers come in. No result but <see cref="Product"/> depends on the number of threads. What they
/// are worth is in docs/speed.md; <see cref="KernelSwitch"/> turns them off.
/// </remarks>
public static unsafe class FusedKernels
{
    /// <summary>What stands for an instruction set where there are no kernels.</summary>
    public const string NoSet = "none";

    private const int MostFew = 16;

    // Asked for before every operator, and the same for as long as the process lives.
    private static readonly Lazy<OwnKernels> Found = new(static () =>
    {
        Engine.Load();
        return Library.bt_calls_onednn() != 0 ? OwnKernels.All : OwnKernels.All & ~OwnKernels.Products;
    });

    /// <summary>The instruction set that they were chosen for: avx512bf16, avx512, avx2 or plain.</summary>
    public static string InstructionSet
    {
        get
        {
            Engine.Load();
            return Library.Text(Library.bt_kernel_set());
        }

        set
        {
            Engine.Load();
            Library.Check(Library.bt_choose_kernel_set(value));
        }
    }

    /// <summary>Those that can be used here: all, but for products where libtorch has MKL, or no oneDNN that can be called.</summary>
    public static OwnKernels Usable => Found.Value;

    /// <summary>Whether one is to be used, and can work in a type on a tensor's device.</summary>
    /// <param name="kernel">Which one.</param>
    /// <param name="stream">The residual stream, or what logits are made of.</param>
    /// <param name="type">The type of products.</param>
    public static bool Supports(OwnKernels kernel, Tensor stream, ScalarType type) =>
        KernelSwitch.Uses(kernel) && Usable.HasFlag(kernel) && !stream.is_cuda && stream.dtype is ScalarType.Float32 or ScalarType.BFloat16 && type is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>What the residual stream becomes with a branch, x + gate · (branch + bias), and that normalised by layer (ε = 1e-5), times a weight, times 1 + scale, plus shift.</summary>
    /// <param name="x">[.., D] float32.</param>
    /// <param name="branch">[.., D] in the type of the result; null for none, where there is neither bias nor gate.</param>
    /// <param name="bias">[D] or null.</param>
    /// <param name="gates">[R, P·D] a part of which is the gate; null for none.</param>
    /// <param name="gate">Which part is the gate.</param>
    /// <param name="weight">[D]</param>
    /// <param name="table">[R, P·D] parts of which are scale and shift; null for neither.</param>
    /// <param name="index">The row of each token in both tables; null where each of R runs of tokens shares one.</param>
    /// <param name="shift">Which part is the shift.</param>
    /// <param name="scale">Which part is the scale.</param>
    /// <param name="type">That of the result.</param>
    /// <returns>The stream [.., D] float32, and the result [.., D].</returns>
    public static (Tensor Stream, Tensor Normal) Normalise(
        Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale, ScalarType type)
    {
        var both = Operator.Tensors("bench::normalise", x, branch, bias, gates, gate, weight, table, index, shift, scale, (long)type);
        return (both[0], both[1]);
    }

    /// <summary>GELU, in the form with tanh, of x + bias.</summary>
    /// <param name="x">[.., D]</param>
    /// <param name="bias">[D] float32.</param>
    public static Tensor Gelu(Tensor x, Tensor bias) => Operator.Tensor("bench::gelu", x, bias);

    /// <summary>softmax(q kᵀ / √width) v of every head, q and k rotated; scores are never stored, and tiles that the mask closes not computed.</summary>
    /// <param name="qkv">[B, L, 3·heads·width]</param>
    /// <param name="cosines">[1 or B, L, 1, width/2] float32.</param>
    /// <param name="sines">The same.</param>
    /// <param name="mask">[1 or B, 1, L, L] float32, 0 or −∞; null for full attention.</param>
    /// <param name="heads">How many.</param>
    /// <returns>[B, L, heads·width]</returns>
    public static Tensor Attention(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads) =>
        Operator.Tensor("bench::attention", qkv, cosines, sines, mask, heads);

    /// <summary>The same for a few columns behind others whose keys and values are kept; without a gradient.</summary>
    /// <param name="qkv">[B, Q, 3·heads·width]</param>
    /// <param name="cosines">[1, Q, 1, width/2] float32.</param>
    /// <param name="sines">The same.</param>
    /// <param name="mask">[1, 1, Q, K + Q] float32, 0 or −∞; null for full attention.</param>
    /// <param name="heads">How many.</param>
    /// <param name="keys">[R, heads, columns, width] float32, the first K of them kept.</param>
    /// <param name="values">The same.</param>
    /// <param name="kept">K.</param>
    /// <param name="rows">[B] whose kept columns each sequence stands behind. Null for R = B in their order; then keys and values of the Q columns are written behind the kept ones.</param>
    /// <returns>[B, Q, heads·width]</returns>
    public static Tensor AttentionBehind(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept, Tensor? rows) =>
        Operator.Tensor("bench::attention_behind", qkv, cosines, sines, mask, heads, keys, values, kept, rows);

    /// <summary>Whether a linear layer is to be computed by <see cref="Few"/>: generation asks for a few rows in float32. A product of many is quicker in the library that libtorch calls.</summary>
    public static bool AreFew(Tensor x) => !is_grad_enabled() && x.dtype == float32 && Supports(OwnKernels.Few, x, float32) && x.numel() <= MostFew * x.size(-1);

    /// <summary>x Wᵀ; without a gradient.</summary>
    /// <param name="x">[.., inner] float32.</param>
    /// <param name="weight">[outer, inner] float32.</param>
    /// <returns>[.., outer]</returns>
    public static Tensor Few(Tensor x, Tensor weight) => Operator.Tensor("bench::few", x, weight);

    /// <summary>x Wᵀ + b by oneDNN, or as libtorch multiplies where products are not <see cref="Usable"/>.</summary>
    /// <param name="x">[.., inner] float32.</param>
    /// <param name="weight">[outer, inner] float32.</param>
    /// <param name="bias">[outer] float32, or null.</param>
    /// <returns>[.., outer]</returns>
    public static Tensor Product(Tensor x, Tensor weight, Tensor? bias) => Operator.Tensor("bench::product", x, weight, bias);

    /// <summary>−ln softmax(logits + bias)[target] over all entries but one.</summary>
    /// <param name="logits">[.., V]</param>
    /// <param name="bias">[V] float32, or null.</param>
    /// <param name="targets">[..] int64; none is the closed entry.</param>
    /// <param name="closed">The entry that has no probability; −1 for none.</param>
    /// <returns>[..] float32 nats.</returns>
    public static Tensor Surprise(Tensor logits, Tensor? bias, Tensor targets, long closed) => Operator.Tensor("bench::surprise", logits, bias, targets, closed);
}
