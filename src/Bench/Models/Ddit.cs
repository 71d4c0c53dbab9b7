using Bench.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Models;

/// <summary>The transformer that SEDD, MDLM, BD3-LM and HDLM share, and its causal AR variant; parameters are named and laid out as in MDLM's checkpoints.</summary>
public sealed class Ddit : Module, IDenoiser
{
    private readonly Embedding embedding;
    private readonly NoiseEmbedding? sigmaMap;
    private readonly DditBlock[] blocks;
    private readonly OutputLayer output;
    private Rotary? rotary;
    private Tensor? blocked;

    /// <summary>Makes the network with its first weights.</summary>
    /// <param name="shape">Size and variant.</param>
    /// <param name="stream">Draws of the first weights, addressed by parameter name.</param>
    public Ddit(DditShape shape, RandomStream stream)
        : base("ddit")
    {
        Shape = shape;
        embedding = new Embedding("vocab_embed", shape.Vocabulary, shape.Width, stream);
        register_module("vocab_embed", embedding);
        if (shape.Modulated)
        {
            sigmaMap = new NoiseEmbedding("sigma_map", shape.ConditionWidth, stream);
            register_module("sigma_map", sigmaMap);
        }

        blocks = [.. Enumerable.Range(0, shape.Blocks).Select(i => new DditBlock($"blocks.{i}", shape, stream))];
        register_module("blocks", new Group("blocks", blocks.Index().Select(block => ($"{block.Index}", (Module)block.Item))));
        output = new OutputLayer("output_layer", shape);
        register_module("output_layer", output);
    }

    /// <summary>Size and variant.</summary>
    public DditShape Shape { get; }

    /// <summary>The type that products are computed in; normalisation, residual stream, softmax of the loss and the weights stay in the parameters' type.</summary>
    public ScalarType ProductType { get; set; } = float32;

    /// <summary>Draws for dropout in the coming step; null in evaluation.</summary>
    public RandomStream? DropoutDraws { get; set; }

    /// <inheritdoc/>
    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? positions = null) => Forward(tokens, sigma, positions, _ => { });

    /// <summary>Copies weights in by name, as a public checkpoint holds them.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or of another shape.</exception>
    public void Fill(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var recorded = no_grad();
        foreach (var (name, parameter) in named_parameters())
        {
            if (!weights.TryGetValue(name, out var weight) || !weight.shape.SequenceEqual(parameter.shape))
                throw new ArgumentException($"'{name}' should be [{string.Join(", ", parameter.shape)}], but is {(weight is null ? "missing" : $"[{string.Join(", ", weight.shape)}]")}", nameof(weights));
            parameter.copy_(weight);
        }
    }

    /// <summary>As <see cref="Logits"/>, showing the residual stream [B, L, D] after each block.</summary>
    internal Tensor Forward(Tensor tokens, Tensor? sigma, Tensor? positions, Action<Tensor> afterBlock)
    {
        using var scope = NewDisposeScope();
        var x = embedding.call(tokens);                            // [B, L, D]
        var condition = sigmaMap?.call(Condition(tokens, sigma)); // [B, C]
        var (positionsTable, mask) = Tables(tokens.size(1), tokens.device);
        var dropout = new Dropout(training ? Shape.Dropout : 0, DropoutDraws);
        foreach (var block in blocks)
        {
            x = block.Forward(x, condition, positionsTable, mask, Type(), dropout);
            afterBlock(x);
        }

        return output.Forward(x, condition, positions, Type()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rotary?.Dispose();
            blocked?.Dispose();
        }

        base.Dispose(disposing);
    }

    // A network in float64 (tests, exact comparisons) has no use for a lower type.
    private ScalarType Type() => embedding.Type == float64 ? float64 : ProductType;

    private Tensor Condition(Tensor tokens, Tensor? sigma)
    {
        if (Shape.Conditioning != Conditioning.Sigma)
            return zeros([tokens.size(0)], embedding.Type, tokens.device);
        return sigma?.to(embedding.Type) ?? throw new ArgumentNullException(nameof(sigma), "This network is conditioned on the noise level; give σ of each sequence, [B].");
    }

    // Kept between calls and made anew when a longer sequence or another type asks for it.
    private (Rotary Positions, Tensor? Blocked) Tables(long length, Device device)
    {
        if (rotary is null || rotary.Length < length || rotary.Type != Type())
        {
            rotary?.Dispose();
            rotary = new Rotary(length, Shape.HeadWidth, Type(), device);
            blocked?.Dispose();
            blocked = Shape.Causal
                ? full([length, length], float.NegativeInfinity, Type(), device).triu(1).DetachFromDisposeScope()
                : null;
        }

        return (rotary, blocked?.narrow(0, 0, length).narrow(1, 0, length));
    }
}
