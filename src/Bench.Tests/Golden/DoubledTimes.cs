namespace Bench.Tests.Golden;

/// <summary>Noise times of HDLM's doubled training pass: its clean half at ε, its noisy half by level, as in one step of
/// generation.</summary>
internal static class DoubledTimes
{
    /// <summary>ε for each clean position, and then the times of the levels.</summary>
    /// <param name="levels">By position, below <paramref name="depth"/>.</param>
    /// <param name="depth">K.</param>
    /// <param name="epsilon">ε.</param>
    public static double[] Of(IReadOnlyCollection<long> levels, int depth, double epsilon)
    {
        double cleanest = 10 * epsilon, apart = (1 - (2 * cleanest)) / (depth - 1);
        return [.. Enumerable.Repeat(epsilon, levels.Count),
            .. levels.Select(level => Math.Clamp(cleanest + (level * apart), epsilon, 1 - epsilon))];
    }
}
