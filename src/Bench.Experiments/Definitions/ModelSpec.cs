using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Definitions.Keys;

namespace Bench.Experiments.Definitions;

/// <summary>The size of a backbone.</summary>
/// <param name="Blocks">Transformer blocks.</param>
/// <param name="Width">D.</param>
/// <param name="Heads">H.</param>
/// <param name="ConditionWidth">Width of the noise embedding; null for a backbone that has none.</param>
/// <param name="Dropout">Share of each branch's output that training drops.</param>
public sealed record ModelSpec(int Blocks, int Width, int Heads, int? ConditionWidth, double Dropout)
{
    /// <summary>The backbone that a method sees on a vocabulary.</summary>
    public DditShape Shape(Vocabulary vocabulary, BackboneView view) =>
        new(vocabulary.Size, Blocks, Width, Heads, ConditionWidth ?? 1, view.Conditioning, Dropout);
}

/// <summary>The keys under <c>model</c>.</summary>
internal static class ModelKeys
{
    public static readonly Key<int> Blocks = new(
        "blocks",
        new Number<int>(new(1, 256), "it counts transformer blocks", "Use 4 for a small network, 12 for the papers'."),
        "Transformer blocks.", "4");

    public static readonly Key<int> Width = new(
        "width",
        new Number<int>(new(2, 65_536), "it counts the dimensions of a position", "Use 128 for a small network, 768 for the papers'."),
        "Dimensions of a position; a multiple of twice the heads.", "128");

    public static readonly Key<int> Heads = new(
        "heads",
        new Number<int>(new(1, 1024), "it counts attention heads", "Use 4 for a small network, 12 for the papers'."),
        "Attention heads.", "4");

    public static readonly Key<int> ConditionWidth = new(
        "condition-width",
        new Number<int>(new(1, 65_536), "it counts the dimensions of the noise embedding", "Use 128, as the papers do."),
        "Dimensions of the noise embedding, where a method has one.", "128");

    public static readonly Key<double> Dropout = new(
        "dropout",
        new Number<double>(new(0, 0.9), "it is the share of numbers that training drops", "Use 0 for short trainings, 0.1 for long ones."),
        "Share of each branch's output that training drops.", "0");

    public static Section Section { get; } = new(Blocks, Width, Heads, ConditionWidth, Dropout);
}
