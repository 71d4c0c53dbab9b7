using Bench.Backbone;

namespace Bench.Experiments.Planning;

/// <summary>What goes through a backbone in one forward pass, all rows of the batch together. Averages need not be whole.</summary>
/// <param name="Slots">Positions that go through the network.</param>
/// <param name="Pairs">Pairs of a query and a key, masked ones included: they are computed all the same.</param>
/// <param name="Asked">Positions that the vocabulary head computes.</param>
/// <param name="Conditioned">Noise levels that are embedded.</param>
public readonly record struct Pass(double Slots, double Pairs, double Asked, double Conditioned)
{
    // Of a multiplication and an addition.
    private const double Product = 2;

    /// <summary>The same pass for so many rows.</summary>
    public static Pass operator *(double rows, Pass pass) =>
        new(rows * pass.Slots, rows * pass.Pairs, rows * pass.Asked, rows * pass.Conditioned);

    /// <summary>One pass and another one.</summary>
    public static Pass operator +(Pass one, Pass other) =>
        new(one.Slots + other.Slots, one.Pairs + other.Pairs, one.Asked + other.Asked, one.Conditioned + other.Conditioned);

    /// <summary>
    /// Floating-point operations of the matrix products, counted as in Kaplan et al. 2020 (arXiv 2001.08361, section 2.1): two for each
    /// parameter that multiplies and each position, and for attention 4 d a pair and block, which is their 2·n_ctx·d for each of the two
    /// products. A block has 12 d² such parameters: 3 d² for queries, keys and values, d² behind the attention, 8 d² in the MLP. Looking up
    /// an embedding multiplies nothing; norms, softmax and activations are left out. The noise embedding and the modulation run once a
    /// level instead of once a position, the vocabulary head only where it is asked.
    /// </summary>
    public double Flops(DditShape shape)
    {
        double d = shape.Width, c = shape.ConditionWidth;
        double perSlot = shape.Blocks * 12 * d * d;
        double pairs = shape.Blocks * 2 * d;
        double conditioning = !shape.Modulated
            ? 0
            : (NoiseEmbedding.Frequencies * c) + (c * c) + (shape.Blocks * c * 6 * d) + (shape.ModulatedHead ? c * 2 * d : 0);
        return Product * ((Slots * perSlot) + (Pairs * pairs) + (Asked * d * shape.TableRows) + (Conditioned * conditioning));
    }
}
