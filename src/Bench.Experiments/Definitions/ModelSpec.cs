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
    /// <summary>The backbone of a method on a vocabulary.</summary>
    public DditShape Shape(Vocabulary vocabulary, BackboneView view) =>
        new(vocabulary.Size, Blocks, Width, Heads, ConditionWidth ?? 1, view.Conditioning, Dropout);
}

/// <summary>The keys under <c>model</c>.</summary>
internal static class ModelKeys
{
    public static readonly ModelSpec Blank = new(0, 0, 0, ConditionWidth: null, 0);

    public static readonly Key<ModelSpec, int> Width = new(
        "width",
        new Number<int>(new(2, 65_536), "it counts the dimensions of a position", "Use 128 for a small network, 768 for the papers'."),
        "Dimensions of a position; a multiple of twice the heads.",
        model => model.Width, (model, value) => model with { Width = value }, "128");

    public static readonly Key<ModelSpec, int> Heads = new(
        "heads",
        new Number<int>(new(1, 1024), "it counts attention heads", "Use 4 for a small network, 12 for the papers'."),
        "Attention heads.",
        model => model.Heads, (model, value) => model with { Heads = value }, "4");

    public static Section Section { get; } = new(
        new Key<ModelSpec, int>(
            "blocks",
            new Number<int>(new(1, 256), "it counts transformer blocks", "Use 4 for a small network, 12 for the papers'."),
            "Transformer blocks.",
            model => model.Blocks, (model, value) => model with { Blocks = value }, "4"),
        Width,
        Heads,
        new Key<ModelSpec, int>(
            "condition-width",
            new Number<int>(new(1, 65_536), "it counts the dimensions of the noise embedding", "Use 128, as the papers do."),
            "Dimensions of the noise embedding, where a method has one.",
            model => model.ConditionWidth, (model, value) => model with { ConditionWidth = value }, "128"),
        new Key<ModelSpec, double>(
            "dropout",
            new Number<double>(
                new(0, 0.9), "it is the share of numbers that training drops", "Use 0 for short trainings, 0.1 for long ones."),
            "Share of each branch's output that training drops.",
            model => model.Dropout, (model, value) => model with { Dropout = value }, "0"));
}
