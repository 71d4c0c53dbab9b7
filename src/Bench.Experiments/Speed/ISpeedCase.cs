using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Planning;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Something whose speed is measured. A new one is a new row of <see cref="SpeedCases"/>.</summary>
public interface ISpeedCase
{
    /// <summary>Words with hyphens between them: what is done, with which method, at which size.</summary>
    string Name { get; }

    /// <summary>The size of the network and of its texts.</summary>
    SpeedSize Size { get; }

    /// <summary>The type of products, unless another is asked for.</summary>
    Precision Usual { get; }

    /// <summary>Gets ready, with first weights and text without structure.</summary>
    ISpeedWork Begin(Precision precision);
}

/// <summary>Work that can be done again and again: a training step, or the generation of a batch of texts.</summary>
public interface ISpeedWork : IDisposable
{
    /// <summary>Tokens of text that go through training, or come out of generation, each time.</summary>
    double Tokens { get; }

    /// <summary>Steps each time: updates, or calls of the network. Known once the work was done.</summary>
    double Steps { get; }

    /// <summary>Floating-point operations each time. Known once the work was done.</summary>
    double Flops { get; }

    /// <summary>Does it once.</summary>
    /// <param name="stop">Ends it early, with an <see cref="OperationCanceledException"/> where it is not short anyway.</param>
    void Once(CancellationToken stop);
}

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

/// <summary>
/// Floating-point operations as papers count them, whatever the implementation: 6 N a trained token and 12·blocks·L·D for attention, a
/// third of it for a token that goes through the network once (Kaplan et al. 2020, arXiv 2001.08361). N is the parameters that multiply
/// every token, 12·blocks·D² + D·V: no embedding, which is looked up, and no modulation, which runs once a text.
/// </summary>
public static class NominalFlops
{
    /// <summary>Of a training step.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="batch">Texts.</param>
    /// <param name="length">Tokens in a text.</param>
    /// <param name="doubled">
    /// Whether texts are read as [clean | noisy]: twice the positions, all of which attend to all, and one head for both.
    /// </param>
    public static double OfTraining(DditShape shape, int batch, int length, bool doubled)
    {
        double slots = doubled ? 2.0 * length : length;
        return RunCost.PassesOfAStep * (batch * new Pass(slots, slots * slots, Asked: length, Conditioned: 0)).Flops(shape);
    }

    /// <summary>Of positions that go through the network, forward alone.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="slots">How many, all texts and calls together.</param>
    /// <param name="keys">How many positions each of them attends to, on average.</param>
    public static double OfSampling(DditShape shape, double slots, double keys) =>
        new Pass(slots, slots * keys, Asked: slots, Conditioned: 0).Flops(shape);
}
