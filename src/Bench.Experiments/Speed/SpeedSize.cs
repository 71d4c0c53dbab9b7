using Bench.Attention;
using Bench.Backbone;
using Bench.Data;

namespace Bench.Experiments.Speed;

/// <summary>A size that speed is measured at.</summary>
/// <param name="Name">In the names of cases.</param>
/// <param name="Blocks">Transformer blocks.</param>
/// <param name="Width">D.</param>
/// <param name="Heads">H.</param>
/// <param name="Length">L: tokens in a text.</param>
/// <param name="Batch">B: texts in a training step.</param>
/// <param name="Symbols">V, the mask included.</param>
public sealed record SpeedSize(string Name, int Blocks, int Width, int Heads, int Length, int Batch, int Symbols)
{
    /// <summary>Width of the noise embedding.</summary>
    public const int ConditionWidth = 128;

    /// <summary>That of the quick profile.</summary>
    public static SpeedSize Quick { get; } = new("quick", Blocks: 2, Width: 64, Heads: 4, Length: 128, Batch: 8, Symbols: 28);

    /// <summary>A small one that peers were measured at.</summary>
    public static SpeedSize Tiny { get; } = new("tiny", Blocks: 4, Width: 128, Heads: 4, Length: 128, Batch: 64, Symbols: 29);

    /// <summary>A larger one.</summary>
    public static SpeedSize Laptop { get; } = new("laptop", Blocks: 6, Width: 256, Heads: 4, Length: 256, Batch: 32, Symbols: 29);

    /// <summary>With GPT-2's vocabulary, where the head is most of the work.</summary>
    public static SpeedSize Bpe { get; } = new("bpe", Blocks: 6, Width: 256, Heads: 4, Length: 256, Batch: 8, Symbols: 50_258);

    /// <summary>Symbols without a meaning.</summary>
    public Vocabulary Vocabulary => new($"{Symbols - 1} symbols", Symbols - 1);

    /// <summary>The backbone of a method.</summary>
    public DditShape Shape(BackboneView view) => new(Symbols, Blocks, Width, Heads, ConditionWidth, view.Conditioning);
}
