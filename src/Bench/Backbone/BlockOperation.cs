using Bench.Kernels;
using Bench.Kernels.Operations;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>
/// A whole block as one node of the autograd graph: what <see cref="DditBlock"/> computes operator by operator, in kernels and plain
/// products.
/// </summary>
/// <param name="stream">The residual stream in front, with the branch that waits to be added.</param>
/// <param name="weights">The block's parameters.</param>
/// <param name="modulation">Shift, scale and gate of the attention, then of the MLP; null for none.</param>
/// <param name="rotary">Positions.</param>
/// <param name="attentionBias">As for <see cref="DditBlock.Forward"/>.</param>
/// <param name="heads">Of the attention.</param>
/// <param name="type">The type that products are computed in.</param>
/// <param name="kept">The layer's KV cache, which has no gradient; null for none.</param>
/// <param name="wanted">[M] flat positions that go further than the attention, and the modulation's rows for them; null for all.</param>
internal sealed class BlockOperation(
    ResidualStream stream, BlockWeights weights, Modulation? modulation, Rotary rotary, Tensor? attentionBias, int heads, ScalarType type,
    LayerCache? kept, (Tensor Positions, Tensor? Index)? wanted)
    : FusedOperation
{
    private readonly List<FusedOperation> parts = [];
    private NormaliseOperation? norm1, norm2;
    private AttentionOperation? attention;
    private GeluOperation? gelu;
    private Tensor? normal1, normal2, attended, activated, qkv, attentionOut, up, down, positions, gates, table;

    /// <summary>The residual stream behind the attention, and the output of the MLP that waits to be added to it.</summary>
    public (Tensor Stream, Tensor Output) Apply()
    {
        var (x, branch) = (stream.X, stream.Pending);
        var results = Apply(
            x, branch?.Output, branch?.Bias, branch?.Modulation?.Table, modulation?.Table,
            weights.Norm1, weights.Qkv, weights.AttentionOut, weights.Norm2, weights.Up, weights.UpBias, weights.Down);
        return (results[0], results[1]);
    }

    /// <inheritdoc/>
    public override Tensor[] Forward(bool recorded)
    {
        using var scope = NewDisposeScope();
        using var timed = OperatorProfile.Time("block");
        var (branch, index) = (stream.Pending, modulation?.Index ?? stream.Pending?.Modulation?.Index);
        Tensor wqkv = Cast(weights.Qkv), wout = Cast(weights.AttentionOut), wup = Cast(weights.Up), wdown = Cast(weights.Down);
        norm1 = Part(new NormaliseOperation(
            stream.X, branch?.Output, branch?.Bias, branch?.Modulation?.Table, branch?.Gate ?? 0, weights.Norm1, modulation?.Table, index,
            shift: 0, scale: 1, type));
        if (kept is not null && wanted is null && type == float32 && FusedKernels.IsSmallBatch(stream.X))
        {
            var (behind, mlp) = FusedKernels.BlockWithCache(
                norm1, weights.Norm2, wqkv, wout, wup, weights.UpBias, wdown, stream.X, rotary.Cosines, rotary.Sines, attentionBias, heads,
                kept.Keys, kept.Values, kept.Count, kept.Rows);
            return [behind.MoveToOuterDisposeScope(), mlp.MoveToOuterDisposeScope()];
        }

        var first = norm1.Forward(recorded);
        var (x, n1) = (branch is null ? stream.X : first[0], first[^1]);
        var projected = Product(n1, wqkv);
        Spend(n1);
        var mixed = Attend(projected, recorded);
        projected.Dispose();
        if (wanted is { } some)
            (x, mixed) = (ResidualStream.Rows(x, some.Positions), ResidualStream.Rows(mixed, some.Positions)); // [M, D]
        var output = Product(mixed, wout);
        Spend(mixed);
        norm2 = Part(new NormaliseOperation(
            x, output, bias: null, modulation?.Table, gate: 2, weights.Norm2, modulation?.Table,
            wanted is null ? modulation?.Index : wanted.Value.Index, shift: 3, scale: 4, type));
        var second = norm2.Forward(recorded);
        Spend(output);
        var (sum, n2) = (second[0], second[1]);
        var hidden = Product(n2, wup);
        Spend(n2);
        gelu = Part(new GeluOperation(hidden, weights.UpBias));
        var active = gelu.Forward(recorded)[0];
        Spend(hidden);
        var result = Product(active, wdown);
        if (recorded)
        {
            (normal1, attended, normal2, activated) = (Keep(n1), Keep(mixed), Keep(n2), Keep(active));
            (qkv, attentionOut, up, down) = (Keep(wqkv), Keep(wout), Keep(wup), Keep(wdown));
            (positions, gates, table) = (Keep(wanted?.Positions), Keep(branch?.Modulation?.Table), Keep(modulation?.Table));
        }

        return [sum.MoveToOuterDisposeScope(), result.MoveToOuterDisposeScope()];

        // What nothing behind it reads makes room for the next in memory that is still in the cache.
        void Spend(Tensor read)
        {
            if (!recorded)
                read.Dispose();
        }
    }

    /// <inheritdoc/>
    public override Tensor?[] Backward(Tensor?[] gradients)
    {
        using var timed = OperatorProfile.Time("block", isBackward: true);
        var result = gradients[1] ?? zeros_like(normal2!);
        Tensor? gtable = table is null ? null : zeros_like(table), ggates = gates is null ? null : zeros_like(gates);

        var (gdown, gactive) = ProductBack(result, activated!, down!);
        Release(activated);
        var ghidden = gelu!.Backward([gactive]);
        gactive.Dispose();
        Finish(gelu);
        var (gup, gnormal2) = ProductBack(ghidden[0]!, normal2!, up!);
        ghidden[0]!.Dispose();
        Release(normal2);
        var (gsum, goutput, _, gnorm2) = norm2!.Backward(gradients[0], gnormal2, gtable, gtable);
        gnormal2.Dispose();
        Finish(norm2);
        var (gout, gmixed) = ProductBack(goutput!, attended!, attentionOut!);
        goutput!.Dispose();
        Release(attended);
        if (positions is not null)
            (gsum, gmixed) = (Scatter(gsum), Scatter(gmixed));
        var gprojected = attention!.Backward([gmixed.view(normal1!.shape)])[0]!;
        gmixed.Dispose();
        Finish(attention);
        var (gqkv, gnormal1) = ProductBack(gprojected, normal1!, qkv!);
        gprojected.Dispose();
        Release(normal1);
        var (gx, gbranch, gbias, gnorm1) = norm1!.Backward(gsum, gnormal1, ggates, gtable);
        return [gx, gbranch, gbias, ggates, gtable, gnorm1, gqkv, gout, gnorm2, gup, ghidden[1], gdown];
    }

    /// <inheritdoc/>
    internal override void Release()
    {
        parts.ForEach(part => part.Release());
        base.Release();
    }

    private T Part<T>(T part)
        where T : FusedOperation
    {
        parts.Add(part);
        return part;
    }

    private void Finish(FusedOperation part)
    {
        parts.Remove(part);
        part.Release();
    }

    private Tensor Cast(Tensor weight) => weight.dtype == type ? weight : weight.to(type);

    private Tensor Attend(Tensor projected, bool recorded)
    {
        if (kept is not null)
            return FusedKernels.AttentionWithCache(
                projected, rotary.Cosines, rotary.Sines, attentionBias, heads, kept.Keys, kept.Values, kept.Count, kept.Rows);
        attention = Part(new AttentionOperation(projected, rotary.Cosines, rotary.Sines, attentionBias, heads));
        return attention.Forward(recorded)[0];
    }

    // Of some rows, to all of them.
    private Tensor Scatter(Tensor rows) => zeros([normal1!.size(0) * normal1.size(1), rows.size(1)], rows.dtype, rows.device)
        .index_add_(0, positions!, rows, 1).view(normal1.shape);

    private static Tensor Product(Tensor x, Tensor weight)
    {
        using var timed = OperatorProfile.Time("product");
        return FusedKernels.Linear(x, weight);
    }

    private static Tensor Flat(Tensor x) => x.dim() == 2 ? x : x.view(-1, x.size(-1));

    // Gradients of a product: of the weight, in full precision, and of what was multiplied by it.
    private static (Tensor Weight, Tensor X) ProductBack(Tensor gradient, Tensor x, Tensor weight)
    {
        using var timed = OperatorProfile.Time("product", isBackward: true);
        Tensor rows = Flat(gradient), columns = rows.t(), product = columns.mm(Flat(x)); // [N, outer], [outer, N], [outer, inner]
        var gweight = product;
        if (product.dtype != float32)
        {
            gweight = product.to(float32);
            product.Dispose();
        }

        var gx = rows.mm(weight);
        return (gweight, gx.dim() == x.dim() ? gx : gx.view(x.shape));
    }
}

/// <summary>The parameters of a block, as a pass over all of it takes them.</summary>
/// <param name="Norm1">[D] scale of the normalisation in front of the attention.</param>
/// <param name="Qkv">[3·D, D]</param>
/// <param name="AttentionOut">[D, D]</param>
/// <param name="Norm2">[D] scale of the normalisation in front of the MLP.</param>
/// <param name="Up">[4·D, D]</param>
/// <param name="UpBias">[4·D]</param>
/// <param name="Down">[D, 4·D]; its bias belongs to the branch.</param>
internal sealed record BlockWeights(Tensor Norm1, Tensor Qkv, Tensor AttentionOut, Tensor Norm2, Tensor Up, Tensor UpBias, Tensor Down);
