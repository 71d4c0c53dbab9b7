using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>Attention and MLP, each normalised, modulated by the noise embedding and gated (Peebles and Xie, arXiv 2212.09748).</summary>
internal sealed class DditBlock : Module
{
    // What a block in one node is made of.
    private const OwnKernels Whole = OwnKernels.Attention | OwnKernels.Normalise | OwnKernels.Gelu;

    private readonly DditShape shape;
    private readonly string path;
    private readonly ScaleNorm norm1;
    private readonly ScaleNorm norm2;
    private readonly Affine qkv;
    private readonly Affine attentionOut;
    private readonly Affine up;
    private readonly Affine down;
    private readonly Affine? modulation;

    public DditBlock(string path, DditShape shape, DditTensors tensors, RandomStream? stream)
        : base(path)
    {
        this.shape = shape;
        this.path = path;
        norm1 = tensors.NewNorm($"{path}.norm1");
        qkv = tensors.NewAffine($"{path}.attn_qkv", stream);
        attentionOut = tensors.NewAffine($"{path}.attn_out", stream);
        norm2 = tensors.NewNorm($"{path}.norm2");
        up = tensors.NewAffine($"{path}.mlp.0", stream);
        down = tensors.NewAffine($"{path}.mlp.2", stream);
        register_module("norm1", norm1);
        register_module("attn_qkv", qkv);
        register_module("attn_out", attentionOut);
        register_module("norm2", norm2);
        register_module("mlp", new Group("mlp", ("0", up), ("2", down)));
        if (!shape.Modulated)
            return;
        // Zero: every block starts as the identity.
        modulation = tensors.NewAffine($"{path}.adaLN_modulation", stream: null);
        register_module("adaLN_modulation", modulation);
    }

    /// <summary>One block of the residual stream.</summary>
    /// <param name="stream">[B, L, D] the residual stream, in full precision.</param>
    /// <param name="condition">The noise embedding, or null.</param>
    /// <param name="rotary">Positions.</param>
    /// <param name="mask">Of the attention, [1 or B, 1, L, K + L].</param>
    /// <param name="type">The type that products are computed in.</param>
    /// <param name="dropout">Training's dropout.</param>
    /// <param name="kept">This layer's KV cache; null for none.</param>
    /// <param name="wanted">[M] flat positions, where the others are not used after this block: they are attended to here and not taken
    /// further; null for all.</param>
    /// <returns>[B, L, D] or [M, D]</returns>
    public ResidualStream Forward(
        ResidualStream stream, Condition? condition, Rotary rotary, AttentionMask mask, ScalarType type, Dropout dropout,
        LayerCache? kept, Tensor? wanted = null)
    {
        // Parts: shift, scale and gate of the attention, then of the MLP. They outlive this block with the branch that waits behind it.
        var all = condition?.Through(modulation!);
        var m = all is null || wanted is null ? all : condition!.At(all, wanted);
        using var scope = NewDisposeScope();
        // With a cache the kernel has no gradient; it knows no biases of normalisation and attention.
        if (!shape.IsOfGpt2 && (kept is null || !is_grad_enabled()) && !dropout.IsActive && !mask.IsCausal && rotary.Type == float32
            && FusedKernels.Supports(Whole, stream.X, type))
        {
            var weights = new BlockWeights(norm1.Weight, qkv.Weight, attentionOut.Weight, norm2.Weight, up.Weight, up.Bias!, down.Weight);
            var (sum, output) = new BlockOperation(
                stream, weights, all, rotary, mask.Bias, shape.Heads, type, kept, wanted is null ? null : (wanted, m?.Index)).Apply();
            return new(sum.MoveToOuterDisposeScope(), new(output.MoveToOuterDisposeScope(), down.Bias, m, Gate: 5));
        }

        var (x, normal) = norm1.Modulated(stream, all, shift: 0, scale: 1, type);
        var attended = Attend(qkv.call(normal), rotary, mask, kept);
        if (wanted is not null)
            (x, attended) = (ResidualStream.Rows(x, wanted), ResidualStream.Rows(attended, wanted)); // [M, D]
        var attention = new Branch(attentionOut.call(attended), Bias: null, m, Gate: 2).Dropped(dropout, $"{path}.attn");
        (x, normal) = norm2.Modulated(new(x, attention), m, shift: 3, scale: 4, type);
        var mlp = new Branch(down.Product(Activate(normal)), down.Bias, m, Gate: 5).Dropped(dropout, $"{path}.mlp");
        mlp.Output.MoveToOuterDisposeScope();
        return new(x.MoveToOuterDisposeScope(), mlp);
    }

    private Tensor Activate(Tensor x) => FusedKernels.Supports(OwnKernels.Gelu, x, x.dtype)
        ? FusedKernels.Gelu(up.Product(x), up.Bias!)
        : functional.gelu(up.call(x), TorchSharp.Modules.GELU.Approximate.tanh);

    // [B, L, 3·D] → [B, L, D]
    private Tensor Attend(Tensor x, Rotary rotary, AttentionMask mask, LayerCache? kept)
    {
        // With a cache the kernel has no gradient.
        if (!mask.IsCausal && rotary.Type == float32 && FusedKernels.Supports(OwnKernels.Attention, x, x.dtype)
            && (kept is null || !is_grad_enabled()))
        {
            return kept is null
                ? FusedKernels.Attention(x, rotary.Cosines, rotary.Sines, mask.Bias, shape.Heads)
                : FusedKernels.AttentionWithCache(
                    x, rotary.Cosines, rotary.Sines, mask.Bias, shape.Heads, kept.Keys, kept.Values, kept.Count, kept.Rows);
        }

        var (batch, length) = (x.size(0), x.size(1));
        var heads = x.view(batch, length, 3, shape.Heads, shape.HeadWidth).unbind(2);  // 3 × [B, L, H, D]
        var q = rotary.Rotate(heads[0]).transpose(1, 2);                                          // [B, H, L, D]
        var k = rotary.Rotate(heads[1]).transpose(1, 2);
        var v = heads[2].transpose(1, 2).to(rotary.Type);
        if (kept is not null)
            (k, v) = kept.Extend(k, v);                                                           // [B, H, K + L, D]
        return Mix().transpose(1, 2).reshape(batch, length, shape.Width).to(x.dtype);             // [B, L, H·D]

        Tensor Mix()
        {
            if (mask.IsFused)
                return functional.scaled_dot_product_attention(q, k, v, mask.Bias!, p: 0, is_casual: mask.IsCausal); // so it is spelt
            var scores = q.mul(1 / Math.Sqrt(shape.HeadWidth)).matmul(k.transpose(2, 3));         // [B, H, L, K + L]
            return (mask.Bias is null ? scores : scores + mask.Bias).softmax(-1).matmul(v);
        }
    }
}

/// <summary>The attention mask of a call, and how it is applied.</summary>
/// <param name="Bias">[1 or B, 1, L, K + L] added to the attention scores: 0 or −∞; null for full attention, and for causal attention that
/// is computed as such.</param>
/// <param name="IsFused">Whether attention is one operator of libtorch.</param>
/// <param name="IsCausal">Whether that operator masks what lies ahead, without a mask in memory.</param>
internal readonly record struct AttentionMask(Tensor? Bias, bool IsFused = false, bool IsCausal = false);

/// <summary>A level in the path of parameter names, such as <c>blocks</c> in <c>blocks.0.norm1.weight</c>.</summary>
internal sealed class Group : Module
{
    /// <summary>Registers the members under their names.</summary>
    public Group(string name, params IEnumerable<(string Name, Module Module)> members)
        : base(name)
    {
        foreach (var (member, module) in members)
            register_module(member, module);
    }
}
