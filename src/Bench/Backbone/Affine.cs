using System.Runtime.InteropServices;
using Bench.Kernels;
using Bench.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>x Wᵀ + b, computed in the type that <c>x</c> has; the weights themselves stay in full precision.</summary>
/// <remarks>Casting at the use makes autograd cast the gradient back: the master weights of mixed precision, one cast a step.</remarks>
public sealed class Affine : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <param name="name">The path from the root, which also addresses the draws.</param>
    /// <param name="inputs">Width of x.</param>
    /// <param name="outputs">Width of the result.</param>
    /// <param name="stream">Draws U(±1/√inputs), PyTorch's default; null for zeros.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <summary>Makes and initialises the weights.</summary>
    public Affine(string name, int inputs, int outputs, RandomStream? stream, bool hasBias = true)
        : base(name)
    {
        double bound = 1 / Math.Sqrt(inputs);
        weight = Initial.Uniform(stream?.Split($"{name}.weight"), bound, outputs, inputs);
        register_parameter("weight", weight);
        if (!hasBias)
            return;
        bias = Initial.Uniform(stream?.Split($"{name}.bias"), bound, outputs);
        register_parameter("bias", bias);
    }

    /// <summary>W.</summary>
    internal Tensor Weight => weight;

    /// <summary>b; null where there is none.</summary>
    internal Tensor? Bias => bias;

    /// <summary>x Wᵀ alone, for callers that add b in a pass of their own.</summary>
    internal Tensor Product(Tensor input) => Map(input, weight, null);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Map(input, weight, bias);

    /// <summary>x Wᵀ + b in the type that x has, with weights that need be no layer's own.</summary>
    internal static Tensor Map(Tensor input, Tensor weight, Tensor? added)
    {
        using var timed = OperatorProfile.Time("product");
        if (weight.dtype == input.dtype)
            return FusedKernels.Linear(input, weight, added);
        using var scope = NewDisposeScope();
        return functional.linear(input, weight.to(input.dtype), added?.to(input.dtype)).MoveToOuterDisposeScope();
    }
}

/// <summary>First values of parameters, addressed by name: adding a parameter changes no other.</summary>
internal static class Initial
{
    private const int Piece = 1 << 16;

    /// <summary>Uniform in ±bound; zeros without a stream.</summary>
    public static Parameter Uniform(RandomStream? stream, double bound, params long[] shape)
    {
        var parameter = zeros(shape, float32, CPU);
        if (stream is { } draws)
        {
            var into = MemoryMarshal.Cast<byte, float>(parameter.bytes);
            // In pieces: as one array of doubles the table of 50,000 tokens would take more than the whole network's blocks.
            var piece = new double[Math.Min(Piece, into.Length)];
            for (int first = 0; first < into.Length; first += piece.Length)
            {
                var values = piece.AsSpan(0, Math.Min(piece.Length, into.Length - first));
                draws.Fill(0, values, first);
                for (int i = 0; i < values.Length; i++)
                    into[first + i] = (float)(bound * ((2 * values[i]) - 1));
            }
        }

        return new Parameter(parameter);
    }

    /// <summary>Ones, for the scale of a normalisation.</summary>
    public static Parameter Ones(long width) => new(ones(width, float32));
}
