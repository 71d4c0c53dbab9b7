using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Speed;

/// <summary>The middle of some numbers and half of them around it.</summary>
/// <param name="Low">A quarter is below.</param>
/// <param name="Median">A half is below.</param>
/// <param name="High">A quarter is above.</param>
public readonly record struct Quartiles(double Low, double Median, double High)
{
    /// <summary>Of at least one number, linear between neighbours (definition 7 of Hyndman and Fan 1996, R's and NumPy's).</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new(At(0.25), At(0.5), At(0.75));

        double At(double share) => all.QuantileCustom(share, QuantileDefinition.R7);
    }
}
