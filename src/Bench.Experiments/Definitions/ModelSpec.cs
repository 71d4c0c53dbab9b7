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
    /// <summary>Whether the noise embedding modulates the vocabulary head; null for yes.</summary>
    public bool? ModulatedHead { get; init; }

    /// <summary>γ of the embeddings that are mixed with that of the mask; null for none.</summary>
    public double? EmbeddingMix { get; init; }

    /// <summary>The most of σ that the network is given; null for the usual bound.</summary>
    public double? MostSigma { get; init; }

    /// <summary>What the rows of the token tables are filled up to a multiple of; null for as many as tokens.</summary>
    public int? TableMultiple { get; init; }

    /// <summary>Learned positions of a network in the form of GPT-2; null for that of DDiT.</summary>
    public int? LearnedPositions { get; init; }

    /// <summary>θ of the rotary positions; null for the usual one.</summary>
    public double? RotaryBase { get; init; }

    /// <summary>The size of a network.</summary>
    public static ModelSpec Of(DditShape shape) =>
        new(shape.Blocks, shape.Width, shape.Heads, shape.Modulated ? shape.ConditionWidth : null, shape.Dropout)
        {
            ModulatedHead = shape.Modulated && !shape.ModulatedHead ? false : null,
            EmbeddingMix = shape.EmbeddingMix,
            MostSigma = shape.MostSigma == DditShape.UsualMostSigma ? null : shape.MostSigma,
            TableMultiple = shape.TableMultiple == 1 ? null : shape.TableMultiple,
            LearnedPositions = shape.LearnedPositions,
            RotaryBase = shape.RotaryBase == DditShape.UsualRotaryBase ? null : shape.RotaryBase,
        };

    /// <summary>The backbone of a method on a vocabulary.</summary>
    public DditShape Shape(Vocabulary vocabulary, BackboneView view) =>
        new(vocabulary.Size, Blocks, Width, Heads, ConditionWidth ?? 1, view.Conditioning, Dropout, ModulatedHead ?? true, EmbeddingMix,
            TableMultiple ?? 1, MostSigma ?? DditShape.UsualMostSigma, LearnedPositions)
        {
            RotaryBase = RotaryBase ?? DditShape.UsualRotaryBase,
        };
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

    public static readonly Key<ModelSpec, int> LearnedPositions = new(
        "learned-positions",
        new Number<int>(new(1, 65_536), "it counts positions", "Use data.length + 1, or leave it out for rotary positions."),
        "The form of GPT-2: so many learned positions, biases in normalisations and attention, the token table as vocabulary head; left "
            + "out for the form of DDiT, with rotary positions.",
        model => model.LearnedPositions, (model, value) => model with { LearnedPositions = value });

    public static readonly Key<ModelSpec, double> RotaryBase = new(
        "rotary-base",
        new Number<double>(
            new(1, 1e9), "it is the base of the wavelengths of rotary positions", "Use 100 for small heads, or leave it out."),
        "θ of the rotary positions, 10000 in all published networks and if left out; less gives small heads more wavelengths within a "
            + "text.",
        model => model.RotaryBase, (model, value) => model with { RotaryBase = value == DditShape.UsualRotaryBase ? null : value });

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
            model => model.Dropout, (model, value) => model with { Dropout = value }, "0"),
        new Key<ModelSpec, bool>(
            "modulated-head",
            new Flag(),
            "Whether the noise embedding modulates the vocabulary head, too, as it does if left out; not so in HDLM.",
            model => model.ModulatedHead, (model, value) => model with { ModulatedHead = value ? null : false }),
        new Key<ModelSpec, double>(
            "embedding-mix",
            new Number<double>(new(0, 1, OpenLeast: true), "it is the uniform share of the rates", "Use the γ of the noise, such as 0.01."),
            "γ of HDLM's embeddings: a token enters as e^(-γσ) of its own and the rest of the mask's; left out for its own alone.",
            model => model.EmbeddingMix, (model, value) => model with { EmbeddingMix = value }),
        new Key<ModelSpec, double>(
            "most-sigma",
            new Number<double>(new(0, DditShape.UsualMostSigma, OpenLeast: true), "it is a total noise", "Leave it out for new networks."),
            "The most of σ that a network is given which is conditioned on it: for published ones, as much as occurred in training.",
            model => model.MostSigma, (model, value) => model with { MostSigma = value }),
        new Key<ModelSpec, int>(
            "table-multiple",
            new Number<int>(new(1, 65_536), "it counts rows", "Use 128, or leave it out."),
            "Rows of the token tables are filled up to a multiple of that, as in GIDD's checkpoints.",
            model => model.TableMultiple, (model, value) => model with { TableMultiple = value == 1 ? null : value }),
        LearnedPositions,
        RotaryBase);
}
