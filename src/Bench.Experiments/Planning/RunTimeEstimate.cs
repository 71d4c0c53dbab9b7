namespace Bench.Experiments.Planning;

/// <summary>Seconds that a run is expected to take on this machine.</summary>
/// <param name="Training">Updates of the weights, or the counting of n-grams.</param>
/// <param name="Likelihood">Likelihoods, those while training included.</param>
/// <param name="Generation">Everything that is generated, timed and judged.</param>
public readonly record struct RunTimeEstimate(double Training, double Likelihood, double Generation)
{
    /// <summary>About how many steps the time comes to that the run is given instead of them; null where they are known.</summary>
    public long? Steps { get; init; }

    /// <summary>All of them.</summary>
    public double Total => Training + Likelihood + Generation;

    /// <summary>One run after the other.</summary>
    public static RunTimeEstimate operator +(RunTimeEstimate one, RunTimeEstimate other) =>
        new(one.Training + other.Training, one.Likelihood + other.Likelihood, one.Generation + other.Generation);
}
