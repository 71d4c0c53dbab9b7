using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>
/// How much is computed at once where no gradient is needed: logits take most of the memory, and with 50,000 tokens few sequences are many
/// logits.
/// </summary>
public static class LogitBudget
{
    /// <summary>Numbers that a call of the network makes at most: a quarter of a gibibyte in single precision.</summary>
    public const long OfCall = 1L << 26;

    private const int OfPart = 1 << 21; // 8 MiB, and ten times that for what bounds make of them in float64

    /// <summary>Sequences in a call of the network.</summary>
    /// <param name="most">Where memory is no concern, as with small alphabets.</param>
    /// <param name="positions">Positions of a sequence that are asked for.</param>
    /// <param name="symbols">V, the mask included.</param>
    /// <param name="budget">Logits of a call.</param>
    public static int Rows(int most, int positions, int symbols, long budget = OfCall) =>
        (int)Math.Clamp(budget / ((long)positions * symbols), 1, most);

    /// <summary>Positions whose logits exist at once where each position's number follows from its own logits; at least one.</summary>
    /// <param name="symbols">Rows of the vocabulary head.</param>
    public static int Positions(int symbols) => Math.Max(1, OfPart / symbols);

    /// <summary>The results of parts of so many positions, in order.</summary>
    /// <param name="count">M positions.</param>
    /// <param name="symbols">Rows of the vocabulary head.</param>
    /// <param name="of">From the first position of a part and their number m to [m, ..].</param>
    /// <returns>[M, ..]</returns>
    internal static Tensor Join(long count, int symbols, Func<int, int, Tensor> of)
    {
        using var scope = NewDisposeScope();
        List<Tensor> parts = [];
        int most = Positions(symbols);
        for (int first = 0; first < count; first += most)
        {
            using var part = NewDisposeScope();
            parts.Add(of(first, (int)Math.Min(most, count - first)).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }
}
