using Bench.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Models;

/// <summary>Layer normalisation with a scale and no shift, ε = 1e-5, in full precision.</summary>
public sealed class ScaleNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long[] width;

    /// <summary>Starts as plain normalisation.</summary>
    public ScaleNorm(string name, int width)
        : base(name)
    {
        this.width = [width];
        weight = Initial.Ones(width);
        register_parameter("weight", weight);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.layer_norm(input, width, weight);

    /// <summary>x normalised, then x (1 + scale) + shift.</summary>
    /// <param name="x">[.., D] in full precision.</param>
    /// <param name="m">Null to leave it at normalisation.</param>
    /// <param name="shift">Which part of the modulation is the shift.</param>
    /// <param name="scale">Which part is the scale.</param>
    /// <param name="type">That of the result.</param>
    internal Tensor Modulated(Tensor x, Modulation? m, int shift, int scale, ScalarType type)
    {
        if (FusedKernels.Supports(OwnKernels.Normalise, x, type))
            return FusedKernels.Normalise(x, weight, m?.Table, m?.Index, shift, scale, type);
        using var scope = NewDisposeScope();
        var normal = forward(x);
        return (m is null ? normal : (normal * (m.Part(scale, x) + 1)) + m.Part(shift, x)).to(type).MoveToOuterDisposeScope();
    }
}
