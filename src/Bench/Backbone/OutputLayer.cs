using Bench.Kernels;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>Normalisation, modulation and the vocabulary head; zero at first, so that every prediction starts uniform.</summary>
internal sealed class OutputLayer : Module
{
    private readonly ScaleNorm norm;
    private readonly Embedding tokens;
    private readonly Affine? head; // null where it is the token table
    private readonly Affine? modulation;
    private readonly DditShape shape;

    public OutputLayer(string path, DditShape shape, DditTensors tensors, Embedding tokens)
        : base(path)
    {
        (this.shape, this.tokens) = (shape, tokens);
        norm = tensors.NewNorm($"{path}.norm_final");
        register_module("norm_final", norm);
        if (!shape.IsOfGpt2)
        {
            head = tensors.NewAffine($"{path}.linear", stream: null);
            register_module("linear", head);
        }

        if (!shape.Modulated || !shape.ModulatedHead)
            return;
        modulation = tensors.NewAffine($"{path}.adaLN_modulation", stream: null);
        register_module("adaLN_modulation", modulation);
    }

    /// <summary>From the residual stream to logits.</summary>
    /// <param name="stream">[B, L, D] the residual stream, or [M, D] where it is that of the wanted positions alone.</param>
    /// <param name="condition">The noise embedding, or null.</param>
    /// <param name="positions">[M] flat positions that are wanted, or null for all.</param>
    /// <param name="type">The type that the product is computed in.</param>
    /// <returns>[M, V] or [B, L, V], in the residual stream's precision.</returns>
    public Tensor Forward(ResidualStream stream, Condition? condition, Tensor? positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return Logits(Features(stream, condition, positions, type)).to(stream.X.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// From the residual stream to −ln of the probability of given tokens, the mask left out; of the logits nothing is kept in full
    /// precision.
    /// </summary>
    /// <param name="stream">[B, L, D] the residual stream, or [M, D] where it is that of the wanted positions alone.</param>
    /// <param name="condition">The noise embedding, or null.</param>
    /// <param name="targets">[M] or [B, L]</param>
    /// <param name="maskId">The mask's number.</param>
    /// <param name="positions">[M] flat positions that are wanted, or null for all.</param>
    /// <param name="type">The type that the product is computed in.</param>
    /// <returns>[M] or [B, L] nats.</returns>
    public Tensor NegativeLogLikelihood(ResidualStream stream, Condition? condition, Tensor targets, long maskId, Tensor? positions,
        ScalarType type)
    {
        using var scope = NewDisposeScope();
        var features = Features(stream, condition, positions, type);
        if (is_grad_enabled() || targets.numel() <= LogitBudget.Positions(shape.TableRows))
            return Loss(features, targets).MoveToOuterDisposeScope();
        var (rows, each) = (features.reshape(-1, shape.Width), targets.flatten());
        return LogitBudget.Join(each.size(0), shape.TableRows, (first, count) =>
            Loss(rows.narrow(0, first, count), each.narrow(0, first, count))).view(targets.shape).MoveToOuterDisposeScope();

        Tensor Loss(Tensor of, Tensor clean) =>
            FusedKernels.Supports(OwnKernels.CrossEntropy, stream.X, type) && shape.TableRows == shape.Vocabulary
                ? FusedKernels.NegativeLogLikelihood(
                    Affine.Map(of, head?.Weight ?? tokens.Table, null), head?.Bias, clean, maskId, overwrites: true)
                : Subs.NegativeLogLikelihood(Logits(of).to(stream.X.dtype), clean, maskId);
    }

    /// <summary>From the residual stream to numbers that follow from the logits of each position by itself; without a gradient.</summary>
    /// <param name="stream">[B, L, D] the residual stream, or [M, D] where it is that of the wanted positions alone.</param>
    /// <param name="condition">The noise embedding, or null.</param>
    /// <param name="positions">[R] flat positions, R ≥ M.</param>
    /// <param name="count">M: the first of them that are wanted.</param>
    /// <param name="type">The type that the product is computed in.</param>
    /// <param name="of">As of <see cref="IDenoiser.PerSlot"/>.</param>
    /// <returns>[M, ..]</returns>
    public Tensor PerSlot(ResidualStream stream, Condition? condition, Tensor? positions, long count, ScalarType type,
        Func<Tensor, int, Tensor> of)
    {
        using var scope = NewDisposeScope();
        var features = Features(stream, condition, positions, type);
        return LogitBudget.Join(count, shape.TableRows, (first, part) =>
            of(Logits(features.narrow(0, first, part)).to(stream.X.dtype), first)).MoveToOuterDisposeScope();
    }

    private Tensor Features(ResidualStream stream, Condition? condition, Tensor? positions, ScalarType type)
    {
        if (positions is not null && stream.X.dim() > 2)
            stream = stream.At(positions, condition); // [M, D]: nothing runs but where the loss looks
        var m = modulation is null ? null : condition?.Through(modulation);
        m = m is null || positions is null ? m : condition!.At(m, positions);
        return norm.Last(stream, m, shift: 0, scale: 1, type);
    }

    private Tensor Logits(Tensor features)
    {
        var logits = head?.call(features) ?? Affine.Map(features, tokens.Table, null);
        return shape.TableRows == shape.Vocabulary ? logits : logits.narrow(-1, 0, shape.Vocabulary);
    }
}

/// <summary>
/// The positions that a network is asked for, repeated to a round number: what is prepared for a product is kept for each number of rows,
/// and how many positions are wanted changes with every batch.
/// </summary>
internal static class WantedRows
{
    // So many numbers of rows at most.
    private const int Numbers = 64;

    /// <summary>The same positions, the first of them repeated until there are as many as some other batch has.</summary>
    /// <param name="wanted">[M], or null for all.</param>
    /// <param name="tokens">[B, C]</param>
    public static Tensor? Rounded(Tensor? wanted, Tensor tokens)
    {
        if (wanted is null || wanted.size(0) <= FusedKernels.LargestSmallBatch)
            return wanted;
        long all = tokens.size(0) * tokens.size(1), step = (all + Numbers - 1) / Numbers;
        return Repeated(wanted, Math.Min((wanted.size(0) + step - 1) / step * step, Math.Max(all, wanted.size(0))));
    }

    /// <summary>So many, of which those behind the given ones repeat the first.</summary>
    public static Tensor Repeated(Tensor x, long count) => count == x.size(0) ? x : cat([x, x[..1].expand(count - x.size(0))]);

    /// <summary>The answers for those that are wanted.</summary>
    public static Tensor First(Tensor? wanted, Tensor answers) =>
        wanted is null || answers.size(0) == wanted.size(0) ? answers : answers.narrow(0, 0, wanted.size(0));
}
