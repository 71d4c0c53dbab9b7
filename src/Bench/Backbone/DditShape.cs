using Bench.Attention;
using Bench.Numerics;

namespace Bench.Backbone;

/// <summary>The size of a backbone and what distinguishes its variants (reference: DDiT of SEDD and MDLM).</summary>
/// <param name="Vocabulary">V, the mask included.</param>
/// <param name="Blocks">Transformer blocks.</param>
/// <param name="Width">d, a multiple of twice the heads: rotary positions pair dimensions.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ConditionWidth">Width of the noise embedding.</param>
/// <param name="Conditioning">What the backbone learns of the noise level.</param>
/// <param name="Dropout">Share of each branch's output that training drops.</param>
/// <param name="ModulatedHead">Whether the noise embedding modulates the vocabulary head, too; not so in HDLM (arXiv 2504.06416).</param>
/// <param name="EmbeddingMix">
/// γ: a token enters as e^{−γσ} of its own embedding and the rest of the mask's, token number V − 1 (HDLM, gamma family); null for its own
/// alone.
/// </param>
/// <param name="TableMultiple">
/// The token tables are filled up to a multiple of so many rows, which are never read (128 in GIDD's checkpoints, arXiv 2503.04482).
/// </param>
/// <param name="MostSigma">The network is given at most so much of σ, which is infinite at full noise.</param>
public sealed record DditShape(
    int Vocabulary, int Blocks, int Width, int Heads, int ConditionWidth, Conditioning Conditioning, double Dropout = 0,
    bool ModulatedHead = true, double? EmbeddingMix = null, int TableMultiple = 1,
    double MostSigma = DditShape.UsualMostSigma)
{
    /// <summary>Far beyond what a schedule reaches before full noise.</summary>
    public const double UsualMostSigma = 50;

    /// <inheritdoc cref="DditShape" path="/param[@name='MostSigma']"/>
    public double MostSigma { get; init => field = Require.Positive(value, nameof(MostSigma)); } = Require.Positive(MostSigma);

    /// <inheritdoc cref="DditShape" path="/param[@name='Vocabulary']"/>
    public int Vocabulary { get; init => field = Require.Positive(value, nameof(Vocabulary)); } = Require.Positive(Vocabulary);

    /// <inheritdoc cref="DditShape" path="/param[@name='Heads']"/>
    public int Heads { get; } = Require.Positive(Heads);

    /// <inheritdoc cref="DditShape" path="/param[@name='ConditionWidth']"/>
    public int ConditionWidth { get; init => field = Require.Positive(value, nameof(ConditionWidth)); } = Require.Positive(ConditionWidth);

    /// <inheritdoc cref="DditShape" path="/param[@name='TableMultiple']"/>
    public int TableMultiple { get; init => field = Require.Positive(value, nameof(TableMultiple)); } = Require.Positive(TableMultiple);

    /// <inheritdoc cref="DditShape" path="/param[@name='Width']"/>
    public int Width { get; } = Width % (2 * Require.Positive(Heads)) == 0
        ? Require.Positive(Width)
        : throw new ArgumentOutOfRangeException(nameof(Width), Width,
            $"Width is {Width}, but it must be a multiple of {2 * Heads}, twice the heads: rotary positions pair a head's dimensions");

    /// <inheritdoc cref="DditShape" path="/param[@name='Blocks']"/>
    public int Blocks { get; init => field = Require.Positive(value); } = Require.Positive(Blocks);

    /// <inheritdoc cref="DditShape" path="/param[@name='Dropout']"/>
    public double Dropout { get; init => field = Require.Within(value, 0, 0.9); } = Require.Within(Dropout, 0, 0.9);

    /// <inheritdoc cref="DditShape" path="/param[@name='EmbeddingMix']"/>
    public double? EmbeddingMix { get; init => field = Mix(value); } = Mix(EmbeddingMix);

    /// <summary>Whether blocks are modulated by a noise embedding.</summary>
    public bool Modulated => Conditioning != Conditioning.Absent;

    /// <summary>Rows of the token tables: <see cref="Vocabulary"/>, filled up.</summary>
    public int TableRows => (Vocabulary + TableMultiple - 1) / TableMultiple * TableMultiple;

    /// <summary>Dimensions of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Trained numbers.</summary>
    public long Parameters
    {
        get
        {
            long d = Width, c = ConditionWidth;
            long block = (12 * d * d) + (7 * d) + (Modulated ? (c + 1) * 6 * d : 0);
            long head = d + ((d + 1) * TableRows) + (Modulated && ModulatedHead ? (c + 1) * 2 * d : 0);
            long time = Modulated ? ((NoiseEmbedding.Frequencies + 1) * c) + ((c + 1) * c) : 0;
            return (TableRows * d) + time + (Blocks * block) + head;
        }
    }

    private static double? Mix(double? gamma) => gamma is { } value ? Require.Positive(value) : null;
}
