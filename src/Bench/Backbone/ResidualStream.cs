using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>
/// The residual stream. What the last branch adds to it waits for the next normalisation, which does both in one pass over memory.
/// </summary>
/// <param name="X">[B, L, D], or [M, D] where it is that of the wanted positions alone; in full precision.</param>
/// <param name="Pending">What is to be added; null for nothing.</param>
internal sealed record ResidualStream(Tensor X, Branch? Pending = null)
{
    /// <summary>With all that is to be added.</summary>
    public Tensor Sum() => Pending is null ? X.alias() : Pending.AddedTo(X);

    /// <summary>Some rows of it, with what is to be added to them.</summary>
    /// <param name="wanted">[M] flat positions.</param>
    /// <param name="condition">What gates are made of.</param>
    /// <returns>[M, D]</returns>
    public ResidualStream At(Tensor wanted, Condition? condition) => new(
        Rows(X, wanted),
        Pending is null ? null : Pending with
        {
            Output = Rows(Pending.Output, wanted),
            Modulation = Pending.Modulation is { } all ? condition!.At(all, wanted) : null,
        });

    /// <summary>Some rows of a tensor.</summary>
    /// <param name="x">[B, L, D]</param>
    /// <param name="wanted">[M] flat positions.</param>
    /// <returns>[M, D]</returns>
    public static Tensor Rows(Tensor x, Tensor wanted) => x.flatten(0, 1).index_select(0, wanted);

    /// <summary>
    /// Gives up what it is made of, behind the block that has read it; where there are gradients, the graph has kept what they need.
    /// </summary>
    public void Release()
    {
        X.Dispose();
        Pending?.Output.Dispose();
        Pending?.Modulation?.Table.Dispose();
    }
}

/// <summary>What is added to the residual stream: gate · (output + bias).</summary>
/// <param name="Output">[B, L, D] or [M, D] in the type of products.</param>
/// <param name="Bias">[D] or null.</param>
/// <param name="Modulation">Null for no gate.</param>
/// <param name="Gate">Which part of the modulation is the gate.</param>
internal sealed record Branch(Tensor Output, Tensor? Bias, Modulation? Modulation, int Gate)
{
    /// <summary>With some of the output dropped, and of the bias.</summary>
    /// <param name="dropout">Training's dropout.</param>
    /// <param name="place">Names the branch.</param>
    public Branch Dropped(Dropout dropout, string place) =>
        dropout.IsActive ? this with { Output = dropout.Apply(Biased(), place), Bias = null } : this;

    /// <summary>The residual stream with this branch.</summary>
    /// <param name="x">[B, L, D] or [M, D]</param>
    public Tensor AddedTo(Tensor x)
    {
        using var scope = NewDisposeScope();
        var added = Biased().to(x.dtype);
        return (Modulation is null ? x + added : x + (Modulation.Part(Gate, x) * added)).MoveToOuterDisposeScope();
    }

    private Tensor Biased() => Bias is null ? Output : Output + Bias.to(Output.dtype);
}

/// <summary>
/// Drops a share of a branch's output and scales up the rest; the draws are addressed, so that a resumed run drops the same numbers.
/// </summary>
/// <param name="Share">The share that is dropped.</param>
/// <param name="Stream">The draws of this step; null in evaluation, when nothing is dropped.</param>
/// <param name="FirstRow">The row of the batch that the first row at hand is: in a micro-batch, as many as come before it.</param>
public readonly record struct Dropout(double Share, RandomStream? Stream, int FirstRow = 0)
{
    /// <summary>Whether anything is dropped.</summary>
    public bool IsActive => Share != 0 && Stream is not null;

    /// <summary>Applies a mask drawn for the named place in the network.</summary>
    /// <param name="x">[B, L, D]</param>
    /// <param name="place">Names the branch; each has draws of its own.</param>
    public Tensor Apply(Tensor x, string place)
    {
        if (!IsActive)
            return x.alias();
        using var scope = NewDisposeScope();
        var stream = Stream!.Value.Split(place);
        long first = FirstRow * (x.numel() / x.size(0));
        double share = Share, kept = 1 / (1 - Share);
        if (x.device_type != TorchSharp.DeviceType.CPU)
        {
            // The host would be slower at drawing a number for each activation than the device at everything else.
            var drawn = DeviceDraws.Uniform(stream.Key, first, x.shape, x.device);
            return (x * drawn.ge(share).to(x.dtype) * kept).MoveToOuterDisposeScope();
        }

        var uniform = new double[x.numel()];
        stream.Fill(0, uniform, first);
        var mask = Array.ConvertAll(uniform, u => u < share ? 0f : (float)kept);
        return (x * tensor(mask, x.shape, x.dtype).On(x.device)).MoveToOuterDisposeScope();
    }
}
