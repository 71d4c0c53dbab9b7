using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>σ as a vector: 256 sinusoids, cosines first, then two linear layers with a SiLU after each.</summary>
/// <remarks>
/// The second SiLU is outside this module in the public code; it is applied in <see cref="forward"/> here, because the vector is never used
/// without it.
/// </remarks>
public sealed class NoiseEmbedding : Module<Tensor, Tensor>
{
    /// <summary>Sinusoids.</summary>
    public const int Frequencies = 256;

    private readonly Affine first;
    private readonly Affine second;

    /// <summary>Makes the two layers.</summary>
    internal NoiseEmbedding(string name, DditTensors tensors, RandomStream? stream)
        : base(name)
    {
        first = tensors.NewAffine($"{name}.mlp.0", stream);
        second = tensors.NewAffine($"{name}.mlp.2", stream);
        register_module("mlp", new Group("mlp", ("0", first), ("2", second)));
    }

    /// <summary>
    /// cos(σ f_k) for k below half the width, then sin(σ f_k), with f_k = 10000^{−k/half}; an odd width ends with a zero.
    /// </summary>
    /// <param name="sigma">[B]</param>
    /// <param name="width">Sinusoids.</param>
    /// <param name="type">The element type of the result.</param>
    /// <returns>[B, width]</returns>
    public static Tensor Sinusoids(Tensor sigma, int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        int half = width / 2;
        double[] frequencies = [.. Enumerable.Range(0, half).Select(k => Math.Pow(10_000, -(double)k / half))];
        var angles = sigma.to(float64).unsqueeze(1) * tensor(frequencies).On(sigma.device).unsqueeze(0); // [B, half]
        var rest = zeros([sigma.size(0), width % 2], float64, sigma.device);
        return cat([angles.cos(), angles.sin(), rest], 1).to(type).MoveToOuterDisposeScope();
    }

    /// <param name="input">[B] σ</param>
    /// <returns>[B, C]</returns>
    /// <summary>Embeds the noise level of each sequence.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = functional.silu(first.call(Sinusoids(input, Frequencies, input.dtype)));
        return functional.silu(second.call(hidden)).MoveToOuterDisposeScope();
    }
}
