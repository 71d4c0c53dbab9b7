namespace Bench.Experiments;

/// <summary>What is generated.</summary>
/// <param name="Count">Sequences; 0 for none.</param>
/// <param name="Steps">Steps along the hyperschedule; null for a model that has none.</param>
public sealed record SamplingSpec(int Count, int? Steps);
