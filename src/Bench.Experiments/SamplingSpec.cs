using System.Collections.Immutable;

namespace Bench.Experiments;

/// <summary>What is generated.</summary>
/// <param name="Count">Sequences; 0 for none.</param>
/// <param name="Steps">Steps along the hyperschedule; null for a model that has none.</param>
public sealed record SamplingSpec(int Count, int? Steps)
{
    /// <summary>Temperatures beside 1.</summary>
    public ImmutableArray<double> Temperatures { get; init; } = [];

    /// <summary>Numbers of steps beside <see cref="Steps"/>; none for a method that leaves no choice.</summary>
    public ImmutableArray<int> StepCounts { get; init; } = [];

    /// <summary>Samplers beside the method's own, by their names in definitions; only those made for the method.</summary>
    public ImmutableArray<string> Samplers { get; init; } = [];

    /// <summary>Models from outside that judge as well, by name or path.</summary>
    public ImmutableArray<string> Judges { get; init; } = [];

    /// <summary>How many sequences at once speed is measured for.</summary>
    public ImmutableArray<int> Batches { get; init; } = [];
}
