namespace Bench.Results;

/// <summary>One way of generating with a run's network.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="Steps">Steps along the hyperschedule; 0 for a model that has none.</param>
/// <param name="Temperature">Of the predicted distributions of words; 1 leaves them as they are, 0 takes the most probable word.</param>
/// <param name="Nucleus">The most probable words that reach this probability together are drawn from; 1 for all.</param>
/// <param name="Cached">Whether keys and values of settled tokens were kept between steps.</param>
/// <param name="Batch">Sequences generated at once.</param>
public sealed record GenerationSetting(string Sampler, int Steps, double Temperature = 1, double Nucleus = 1, bool Cached = false, int Batch = 1);
