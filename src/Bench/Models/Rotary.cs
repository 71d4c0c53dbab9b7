using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>Rotary positions (Su et al., arXiv 2104.09864), base 10000, first half of a head's dimensions paired with the second.</summary>
public sealed class Rotary : IDisposable
{
    private readonly Tensor cosines; // [L, 1, D/2]
    private readonly Tensor sines;   // [L, 1, D/2]

    /// <summary>Tables for positions 0 .. length − 1.</summary>
    public Rotary(long length, int headWidth, ScalarType type, Device device)
    {
        int half = headWidth / 2;
        var angles = new double[length * half];
        for (int position = 0; position < length; position++)
        {
            for (int i = 0; i < half; i++)
                angles[(position * half) + i] = position * Math.Pow(10_000, -(double)i / half);
        }

        Length = length;
        cosines = Table(angles, Math.Cos);
        sines = Table(angles, Math.Sin);

        Tensor Table(double[] of, Func<double, double> function) =>
            tensor(Array.ConvertAll(of, angle => function(angle)), [length, 1, half], type, device).DetachFromDisposeScope();
    }

    /// <summary>Positions that the tables hold.</summary>
    public long Length { get; }

    /// <summary>The element type of the tables.</summary>
    public ScalarType Type => cosines.dtype;

    /// <summary>Rotates each head's vector by its position's angles.</summary>
    /// <param name="x">[B, L, H, D], queries or keys.</param>
    /// <returns>[B, L, H, D]</returns>
    public Tensor Rotate(Tensor x)
    {
        using var scope = NewDisposeScope();
        long length = x.size(1);
        var cos = cosines.narrow(0, 0, length);
        var sin = sines.narrow(0, 0, length);
        var halves = x.chunk(2, -1); // 2 × [B, L, H, D/2]
        var (first, second) = (halves[0], halves[1]);
        return cat([(first * cos) - (second * sin), (second * cos) + (first * sin)], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }
}
