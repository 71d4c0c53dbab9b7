using Bench.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>Layer normalisation with a scale, in GPT-2's form a shift too, ε = 1e-5, in full precision.</summary>
public sealed class ScaleNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly long[] width;

    /// <summary>Starts as plain normalisation.</summary>
    public ScaleNorm(string name, int width, bool hasBias = false)
        : base(name)
    {
        this.width = [width];
        weight = Initial.Ones(width);
        register_parameter("weight", weight);
        if (!hasBias)
            return;
        bias = Initial.Uniform(stream: null, bound: 0, width);
        register_parameter("bias", bias);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.layer_norm(input, width, weight, bias);

    /// <summary>The scale.</summary>
    internal Tensor Weight => weight;

    /// <summary>What <see cref="Modulated"/> makes of the stream, without the stream itself.</summary>
    /// <inheritdoc cref="Modulated"/>
    /// <returns>[.., D]</returns>
    internal Tensor Last(ResidualStream stream, Modulation? m, int shift, int scale, ScalarType type)
    {
        if (!IsKernel(stream, type))
            return Modulated(stream, m, shift, scale, type).Normal;
        var (added, gates) = (stream.Pending, stream.Pending?.Modulation);
        return FusedKernels.NormaliseLast(stream.X, added?.Output, added?.Bias, gates?.Table, added?.Gate ?? 0, weight, m?.Table,
            (m ?? gates)?.Index, shift, scale, type);
    }

    /// <summary>The residual stream with all that was to be added, and that normalised: x̂ (1 + scale) + shift.</summary>
    /// <param name="stream">[.., D]</param>
    /// <param name="m">Null to leave it at normalisation.</param>
    /// <param name="shift">Which part of the modulation is the shift.</param>
    /// <param name="scale">Which part is the scale.</param>
    /// <param name="type">That of the result.</param>
    /// <returns>Both [.., D].</returns>
    internal (Tensor Sum, Tensor Normal) Modulated(ResidualStream stream, Modulation? m, int shift, int scale, ScalarType type)
    {
        if (IsKernel(stream, type))
        {
            // gates and modulation of a token stand in the same row, each of its own table
            var (added, gates) = (stream.Pending, stream.Pending?.Modulation);
            return FusedKernels.Normalise(stream.X, added?.Output, added?.Bias, gates?.Table, added?.Gate ?? 0, weight, m?.Table,
                (m ?? gates)?.Index, shift, scale, type);
        }

        using var scope = NewDisposeScope();
        var sum = stream.Sum();
        var normal = forward(sum);
        var modulated = (m is null ? normal : (normal * (m.Part(scale, sum) + 1)) + m.Part(shift, sum)).to(type);
        return (sum.MoveToOuterDisposeScope(), modulated.MoveToOuterDisposeScope());
    }

    // The kernel takes no shift but that of the modulation.
    private bool IsKernel(ResidualStream stream, ScalarType type) =>
        bias is null && FusedKernels.Supports(OwnKernels.Normalise, stream.X, type);
}
