using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Stands in where the suite is compiled against TorchSharp's packages: there are no such kernels, callers use tensor operators.</summary>
public static class FusedKernels
{
    /// <summary>What stands for an instruction set where there are no kernels.</summary>
    public const string NoSet = "none";

    /// <summary>None.</summary>
    public static string InstructionSet => NoSet;

    /// <summary>None.</summary>
    public static OwnKernels Usable => OwnKernels.None;

    /// <summary>Never: ask before every call.</summary>
    public static bool Supports(OwnKernels kernel, Tensor stream, ScalarType type) => false;

    /// <inheritdoc cref="Supports"/>
    public static (Tensor Stream, Tensor Normal) Normalise(
        Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale, ScalarType type) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static Tensor Gelu(Tensor x, Tensor bias) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static Tensor Attention(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static Tensor AttentionBehind(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept, Tensor? rows) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static bool AreFew(Tensor x) => false;

    /// <inheritdoc cref="Supports"/>
    public static Tensor Few(Tensor x, Tensor weight) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static Tensor Product(Tensor x, Tensor weight, Tensor? bias) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static Tensor Surprise(Tensor logits, Tensor? bias, Tensor targets, long closed) => throw new NotSupportedException(Missing);

    private const string Missing = "TorchSharp has no fused kernels; ask Supports before calling one.";
}
