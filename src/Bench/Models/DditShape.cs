using Bench.Numerics;

namespace Bench.Models;

/// <summary>The size of a backbone and what distinguishes its variants (reference: DDiT of SEDD and MDLM).</summary>
/// <param name="Vocabulary">V, the mask included.</param>
/// <param name="Blocks">Transformer blocks.</param>
/// <param name="Width">d, a multiple of twice the heads: rotary positions pair dimensions.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ConditionWidth">Width of the noise embedding.</param>
/// <param name="Conditioning">What the backbone learns of the noise level.</param>
/// <param name="Dropout">Share of each branch's output that training drops.</param>
public sealed record DditShape(int Vocabulary, int Blocks, int Width, int Heads, int ConditionWidth, Conditioning Conditioning, double Dropout = 0)
{
    /// <inheritdoc cref="DditShape" path="/param[@name='Width']"/>
    public int Width { get; } = Width % (2 * Require.Positive(Heads)) == 0
        ? Require.Positive(Width)
        : throw new ArgumentOutOfRangeException(nameof(Width), Width, $"Width is {Width}, but it must be a multiple of {2 * Heads}, twice the heads: rotary positions pair a head's dimensions");

    /// <inheritdoc cref="DditShape" path="/param[@name='Blocks']"/>
    public int Blocks { get; init => field = Require.Positive(value); } = Require.Positive(Blocks);

    /// <inheritdoc cref="DditShape" path="/param[@name='Dropout']"/>
    public double Dropout { get; init => field = Require.Within(value, 0, 0.9); } = Require.Within(Dropout, 0, 0.9);

    /// <summary>Whether blocks are modulated by a noise embedding.</summary>
    public bool Modulated => Conditioning != Conditioning.Absent;

    /// <summary>Dimensions of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Trained numbers.</summary>
    public long Parameters
    {
        get
        {
            long d = Width, c = ConditionWidth;
            long block = (12 * d * d) + (7 * d) + (Modulated ? (c + 1) * 6 * d : 0);
            long head = d + ((d + 1) * Vocabulary) + (Modulated ? (c + 1) * 2 * d : 0);
            long time = Modulated ? ((NoiseEmbedding.Frequencies + 1) * c) + ((c + 1) * c) : 0;
            return (Vocabulary * d) + time + (Blocks * block) + head;
        }
    }
}
