using Bench.Results;

namespace Bench.Evaluation.Quality;

/// <summary>What was measured of generated text, and what could not be.</summary>
/// <param name="Rows">In a fixed order: judges, diversity, words, MAUVE.</param>
/// <param name="LeftOut">Numbers that are not defined for this text, each with its reason.</param>
public sealed record GenerationReport(IReadOnlyList<GenerationMetric> Rows, IReadOnlyList<string> LeftOut);
