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
