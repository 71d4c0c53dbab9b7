using Bench.Attention;
using Bench.Backbone;
using Bench.Data;

namespace Bench.Experiments;

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
