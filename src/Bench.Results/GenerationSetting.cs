namespace Bench.Results;

/// <summary>One way of generating with a run's network.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="Steps">Steps along the hyperschedule; 0 for a model that has none.</param>
/// <param name="Temperature">Of the predicted distributions of tokens, p ∝ p^(1/T): 1 leaves them as they are, 0 is greedy.</param>
/// <param name="Nucleus">Top-p: the most probable tokens that reach this probability together are drawn from; 1 for all.</param>
/// <param name="Cached">Whether keys and values of settled tokens were kept between steps.</param>
/// <param name="Batch">Sequences generated at once.</param>
public sealed record GenerationSetting(string Sampler, int Steps, double Temperature = 1, double Nucleus = 1, bool Cached = false, int Batch = 1);
