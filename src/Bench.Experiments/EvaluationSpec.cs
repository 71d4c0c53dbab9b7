using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Sources;

namespace Bench.Experiments;

/// <summary>How likelihoods are measured.</summary>
/// <param name="Sequences">Chunks of a split, at even distances; a split with fewer gives all it has.</param>
/// <param name="Draws">K: stratified noise levels a chunk; 1 where the likelihood is exact.</param>
/// <param name="Splits">The parts of the corpus.</param>
public sealed record EvaluationSpec(int Sequences, int Draws, ImmutableArray<Split> Splits)
{
    /// <summary>Texts of other kinds, which nothing is trained on.</summary>
    public ImmutableArray<ZeroShotText> ZeroShot { get; init; } = [];

    /// <summary>Chunks of each of these texts.</summary>
    public int ZeroShotSequences { get; init; } = 64;
}
