using System.Collections.Immutable;
using Bench.Kernels;
using Bench.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>A vector for each token or position; in GPT-2's form the vocabulary head, too.</summary>
internal sealed class Embedding : Module<Tensor, Tensor>
{
    private readonly Parameter embedding; // [V, D]

    /// <summary>Draws U(±1/√D); zeros without a stream.</summary>
    public Embedding(string path, int vocabulary, int width, RandomStream? stream)
        : base(path)
    {
        embedding = Initial.Uniform(stream?.Split($"{path}.embedding"), 1 / Math.Sqrt(width), vocabulary, width);
        register_parameter("embedding", embedding);
    }

    /// <summary>[V, D]</summary>
    public Tensor Table => embedding;

    /// <summary>The type that weights and residual stream have.</summary>
    public ScalarType Type => embedding.dtype;

    /// <summary>Looks tokens up, or takes the mean vector of each distribution over tokens.</summary>
    /// <param name="input">[B, L] tokens, or [B, L, V] distributions over tokens.</param>
    /// <returns>[B, L, D]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (input.dim() == 3)
            return input.to(Type).matmul(embedding.narrow(0, 0, input.size(2))).MoveToOuterDisposeScope();
        return embedding.index_select(0, input.flatten()).view(input.size(0), input.size(1), embedding.size(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Looks positions up.</summary>
    /// <param name="positions">C of them, or B·C where the rows of a batch differ.</param>
    /// <param name="slots">C.</param>
    /// <returns>[1 or B, C, D]</returns>
    /// <exception cref="ArgumentException">One of them is not in the table.</exception>
    public Tensor At(ImmutableArray<int> positions, int slots)
    {
        if (positions.Max() is var most && most >= embedding.size(0))
            throw new ArgumentException($"a token stands at position {most}, and the network has learned 0 to {embedding.size(0) - 1}",
                nameof(positions));
        long[] index = [.. positions.Select(position => (long)position)];
        return call(tensor(index, [positions.Length / slots, slots]).On(embedding.device));
    }

    /// <summary>keep·E[x] + (1 − keep)·E[mask] (HDLM, arXiv 2504.06416, gamma family).</summary>
    /// <param name="tokens">[B, L]</param>
    /// <param name="keep">[B, 1 or L]</param>
    /// <param name="maskId">The mask's number.</param>
    /// <returns>[B, L, D]</returns>
    public Tensor Mixed(Tensor tokens, Tensor keep, long maskId)
    {
        using var scope = NewDisposeScope();
        var share = keep.to(Type).unsqueeze(-1);                                   // [B, 1 or L, 1]
        return ((share * call(tokens)) + ((1 - share) * embedding.narrow(0, maskId, 1))).MoveToOuterDisposeScope();
    }
}

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
