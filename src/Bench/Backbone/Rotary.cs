using System.Collections.Immutable;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Rotary positions (Su et al., arXiv 2104.09864), first half of a head's dimensions paired with the second.</summary>
public sealed class Rotary : IDisposable
{
    /// <summary>Tables for the positions at which slots stand.</summary>
    /// <param name="positions">L, or B·L where the rows of a batch differ.</param>
    /// <param name="headWidth">D.</param>
    /// <param name="type">The element type of the tables.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="slots">L; null for one table that serves all rows.</param>
    /// <param name="theta">θ: pair i of a head turns by θ^(−2i/D) a position; null where positions turn nothing.</param>
    public Rotary(ImmutableArray<int> positions, int headWidth, ScalarType type, Device device, int? slots = null,
        double? theta = DditShape.UsualRotaryBase)
    {
        int half = headWidth / 2, length = slots ?? positions.Length;
        double[] frequencies = [.. Enumerable.Range(0, half).Select(i => theta is { } most ? Math.Pow(most, -(double)i / half) : 0)];
        Positions = positions;
        Cosines = Table(Math.Cos);
        Sines = Table(Math.Sin);

        Tensor Table(Func<double, double> function)
        {
            // Positions repeat: in the two halves of a doubled pass, and in every row of a batch.
            Dictionary<int,
                double[]> at = positions.Distinct()
                    .ToDictionary(position => position,
                        position => Array.ConvertAll(frequencies, frequency => function(position * frequency)));
            return tensor([.. positions.SelectMany(position => at[position])], [positions.Length / length, length, 1, half], type)
                .On(device)
                .DetachFromDisposeScope();
        }
    }

    /// <summary>The position of each slot, row by row.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>[1 or B, L, 1, D/2]</summary>
    internal Tensor Cosines { get; }

    /// <summary>[1 or B, L, 1, D/2]</summary>
    internal Tensor Sines { get; }

    /// <summary>The element type of the tables.</summary>
    public ScalarType Type => Cosines.dtype;

    /// <summary>Rotates each head's vector by its position's angles.</summary>
    /// <param name="x">[B, L, H, D], queries or keys.</param>
    /// <returns>[B, L, H, D]</returns>
    public Tensor Rotate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1); // 2 × [B, L, H, D/2]
        var (first, second) = (halves[0], halves[1]);
        return cat([(first * Cosines) - (second * Sines), (second * Cosines) + (first * Sines)], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Cosines.Dispose();
        Sines.Dispose();
    }
}
