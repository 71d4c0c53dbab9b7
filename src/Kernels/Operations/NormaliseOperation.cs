using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels.Operations;

/// <summary>
/// The residual stream with a branch added, x + gate · (branch + bias), and that normalised by layer (ε = 1e-5), times a weight, times 1 +
/// scale, plus shift.
/// </summary>
/// <param name="x">[.., D] float32.</param>
/// <param name="branch">[.., D] in the type of the result; null for none, where there is neither bias nor gate.</param>
/// <param name="bias">[D] or null.</param>
/// <param name="gates">[R, P·D] a part of which is the gate; null for none.</param>
/// <param name="gate">Which part is the gate.</param>
/// <param name="weight">[D]</param>
/// <param name="table">[R, P·D] parts of which are scale and shift; null for neither.</param>
/// <param name="index">The row of each token in both tables; null where each of R runs of tokens shares one.</param>
/// <param name="shift">Which part is the shift.</param>
/// <param name="scale">Which part is the scale.</param>
/// <param name="type">That of the result.</param>
/// <param name="asksStream">Whether the stream is a result, too; without a branch it is x itself, and none.</param>
internal sealed unsafe class NormaliseOperation(
    Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale,
    ScalarType type, bool asksStream = true) : FusedOperation
{
    private Tensor? keptStream, keptBranch, keptBias, keptGates, keptWeight, keptTable, keptIndex;

    /// <summary>The stream [.., D] float32, where it is asked for, and the result [.., D].</summary>
    public override Tensor[] Forward(bool recorded)
    {
        using var timed = OperatorProfile.Time("normalise");
        Check();
        var call = Call(x, branch, bias, gates, weight, table, index);
        var stream = branch is null ? null : empty_like(x);
        var y = empty(x.shape, type, x.device);
        call.Stream = Memory.Floats(stream, "stream");
        call.Y = Memory.Any(y, type, "result");
        Library.Check(Library.bench_normalise(call));
        GC.KeepAlive(y);
        GC.KeepAlive(this);
        if (recorded)
        {
            keptStream = Keep(stream ?? x);
            keptBranch = gates is null ? null : Keep(branch); // only the gate's gradient needs it
            (keptBias, keptGates, keptWeight, keptTable, keptIndex) = (Keep(bias), Keep(gates), Keep(weight), Keep(table), Keep(index));
        }

        if (stream is not null && asksStream)
            return [stream, y];
        stream?.Dispose();
        return [y];
    }

    /// <inheritdoc/>
    public override Tensor?[] Backward(Tensor?[] gradients)
    {
        Tensor? ggates = keptGates is null ? null : zeros_like(keptGates), gtable = keptTable is null ? null : zeros_like(keptTable);
        var (gx, gbranch, gbias, gweight) = Backward(gradients.Length == 1 ? null : gradients[0], gradients[^1], ggates, gtable);
        return [gx, gbranch, gbias, ggates, gweight, gtable];
    }

    /// <summary>The gradients; those of gates and table are added to what is there.</summary>
    /// <param name="gstream">Of the stream, or null.</param>
    /// <param name="gy">Of the result, or null.</param>
    /// <param name="ggates">As the gates; null where there are none.</param>
    /// <param name="gtable">As the table; null where there is none. May be the same as the gates'.</param>
    public (Tensor X, Tensor? Branch, Tensor? Bias, Tensor Weight) Backward(Tensor? gstream, Tensor? gy, Tensor? ggates, Tensor? gtable)
    {
        using var timed = OperatorProfile.Time("normalise", isBackward: true);
        gy ??= zeros(keptStream!.shape, type, keptStream.device);
        var gx = empty_like(keptStream!);
        var gbranch = branch is null ? null : empty(keptStream!.shape, type, keptStream.device);
        Tensor? gbias = keptBias is null ? null : empty_like(keptBias);
        var gweight = empty_like(keptWeight!);
        var call = Call(keptStream!, keptBranch, keptBias, keptGates, keptWeight!, keptTable, keptIndex);
        call.Gstream = Memory.Floats(gstream, "gradient of the stream");
        call.Gy = Memory.Any(gy, type, "gradient of the result");
        call.Gx = Memory.Floats(gx, "gradient of x");
        call.Gbranch = Memory.Any(gbranch, type, "gradient of the branch");
        call.Gweight = Memory.Floats(gweight, "gradient of the weight");
        call.Gbias = Memory.Floats(gbias, "gradient of the bias");
        call.Ggates = Memory.Floats(ggates, "gradient of the gates");
        call.Gtable = Memory.Floats(gtable, "gradient of the modulation");
        Library.Check(Library.bench_normalise_back(call));
        GC.KeepAlive(gstream);
        GC.KeepAlive(gy);
        GC.KeepAlive(this);
        return (gx, gbranch, gbias, gweight);
    }

    /// <summary>The kernel's call, for one that goes on behind it.</summary>
    internal NormaliseCall Describe()
    {
        Check();
        return Call(x, branch, bias, gates, weight, table, index);
    }

    private void Check()
    {
        var (tokens, width) = Memory.Rows(x, "the residual stream");
        Memory.Require(
            weight.numel() == width && (bias is null || bias.numel() == width), "weight and bias have one number for each of a row",
            weight, bias);
        Memory.Require(branch is null || branch.numel() == x.numel(), "a branch has the shape of the residual stream", branch, x);
        Memory.Require(branch is not null || (bias is null && gates is null), "a bias and a gate belong to a branch", bias, gates);
        Memory.Require(
            table is null || gates is null || table.size(0) == gates.size(0), "gates and modulation have the same rows", gates, table);
        Table(gates, gate, gate);
        Table(table, shift, scale);

        void Table(Tensor? rows, int first, int second)
        {
            if (rows is null)
                return;
            Memory.Require(rows.dim() == 2 && rows.size(0) > 0, "a modulation is a table of rows", rows, x);
            Memory.Require(
                index is null ? tokens % rows.size(0) == 0 : index.numel() == tokens, "each token needs a row of the modulation", rows, x);
            Memory.Require(
                Math.Min(first, second) >= 0 && (Math.Max(first, second) + 1) * width <= rows.size(1),
                $"the modulation has no part {Math.Max(first, second)}", rows, x);
        }
    }

    private NormaliseCall Call(Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, Tensor weight, Tensor? table, Tensor? index)
    {
        var (tokens, width) = Memory.Rows(x, "the residual stream");
        return new()
        {
            Type = Memory.Code(type),
            Tokens = tokens,
            Width = width,
            X = Memory.Floats(x, "the residual stream"),
            Branch = Memory.Any(branch, type, "branch"),
            Bias = Memory.Floats(bias, "bias"),
            Weight = Memory.Floats(weight, "weight"),
            Gates = Memory.Floats(gates, "gates"),
            Table = Memory.Floats(table, "modulation"),
            Index = Memory.Integers(index, "index"),
            Rows = (table ?? gates)?.size(0) ?? 0,
            GatesStride = gates?.size(1) ?? 0,
            Gate = gate * width,
            TableStride = table?.size(1) ?? 0,
            Shift = shift * width,
            Scale = scale * width,
        };
    }
}
