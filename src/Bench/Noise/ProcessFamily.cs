namespace Bench.Noise;

/// <summary>What a noise process corrupts. Objectives, samplers and tasks are made for one family each.</summary>
/// <param name="Name">The family's name in messages.</param>
public sealed record ProcessFamily(string Name)
{
    /// <summary>Tokens, each corrupted by itself: kept, drawn anew, or masked.</summary>
    public static ProcessFamily Discrete { get; } = new("discrete");

    /// <summary>Why something made for this family does not go with a process; null where it does.</summary>
    /// <param name="what">What is made for this family.</param>
    /// <param name="process">The process.</param>
    public string? Refusal(string what, INoiseProcess process) =>
        process.Family == this ? null : $"{what} is made for {Name} noise, not for {process.Name}, which is {process.Family.Name}";
}
