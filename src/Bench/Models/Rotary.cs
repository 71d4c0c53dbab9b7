using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>Rotary positions (Su et al., arXiv 2104.09864), base 10000, first half of a head's dimensions paired with the second.</summary>
public sealed class Rotary : IDisposable
{
    private readonly Tensor cosines; // [L, 1, D/2]
    private readonly Tensor sines;   // [L, 1, D/2]

    /// <summary>Tables for the positions at which columns stand.</summary>
    public Rotary(ImmutableArray<int> positions, int headWidth, ScalarType type, Device device)
    {
        int half = headWidth / 2;
        var angles = new double[positions.Length * half];
        foreach (var (column, position) in positions.Index())
        {
            for (int i = 0; i < half; i++)
                angles[(column * half) + i] = position * Math.Pow(10_000, -(double)i / half);
        }

        Positions = positions;
        cosines = Table(angles, Math.Cos);
        sines = Table(angles, Math.Sin);

        Tensor Table(double[] of, Func<double, double> function) =>
            tensor(Array.ConvertAll(of, angle => function(angle)), [positions.Length, 1, half], type, device).DetachFromDisposeScope();
    }

    /// <summary>The position of each column.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>The element type of the tables.</summary>
    public ScalarType Type => cosines.dtype;

    /// <summary>Rotates each head's vector by its position's angles.</summary>
    /// <param name="x">[B, L, H, D], queries or keys.</param>
    /// <returns>[B, L, H, D]</returns>
    public Tensor Rotate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1); // 2 × [B, L, H, D/2]
        var (first, second) = (halves[0], halves[1]);
        return cat([(first * cosines) - (second * sines), (second * cosines) + (first * sines)], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }
}
