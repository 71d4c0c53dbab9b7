using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Clean examples, and the numbers under which each one's random draws are found.</summary>
/// <param name="Tokens">B·L tokens, row by row.</param>
/// <param name="Examples">B example numbers.</param>
public sealed record TokenBatch(long[] Tokens, long[] Examples)
{
    /// <summary>B.</summary>
    public int Rows => Examples.Length;

    /// <summary>L.</summary>
    public int Length { get; } = Examples.Length > 0 && Tokens.Length % Examples.Length == 0
        ? Require.Positive(Tokens.Length / Examples.Length)
        : throw new ArgumentException($"{Tokens.Length} tokens cannot be shared out to {Examples.Length} rows", nameof(Tokens));

    /// <summary>The tokens of one example.</summary>
    public ReadOnlySpan<long> Row(int row) => Tokens.AsSpan(row * Length, Length);

    /// <summary>[B, L]</summary>
    public Tensor ToTensor(Device device) => tensor(Tokens, [Rows, Length], device: device);

    /// <summary>What a shifted view reads: each row moved right by one, behind a first token.</summary>
    public long[] Shifted(long first)
    {
        var input = new long[Tokens.Length];
        for (int row = 0; row < Rows; row++)
        {
            input[row * Length] = first;
            Row(row)[..^1].CopyTo(input.AsSpan((row * Length) + 1));
        }

        return input;
    }
}
