using Bench.Numerics;

namespace Bench.Reference.Sampling;

/// <summary>
/// S + 1 times from 1 down to just above 0, and what keeps masked from one to the next: s/t, but 0 in the last step, whose s is not 0.
/// </summary>
/// <param name="Steps">S.</param>
/// <param name="Floor">The last time.</param>
public sealed record ReleasedGrid(int Steps, double Floor = 1e-5)
{
    /// <inheritdoc cref="ReleasedGrid" path="/param[@name='Steps']"/>
    public int Steps { get; } = Require.Positive(Steps);

    /// <inheritdoc cref="ReleasedGrid" path="/param[@name='Floor']"/>
    public double Floor { get; } = Require.UnitInterval(Floor);

    /// <summary>Time i, from 0 to S.</summary>
    public double At(int i) => 1 + ((Floor - 1) * i / Steps);

    /// <summary>The probability that a mask stays one in step i.</summary>
    public double Keeps(int i) => i == Steps - 1 ? 0 : At(i + 1) / At(i);
}
