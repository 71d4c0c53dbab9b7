using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>Noise times found by what noise does there.</summary>
public static class NoiseTime
{
    /// <summary>
    /// The time at which a share of the tokens is noise that is so many times the one at time 1: masked, or with noise that also replaces
    /// tokens, not kept.
    /// </summary>
    /// <param name="setup">Noise that grows with time.</param>
    /// <param name="share">u_t/u_1, in [0, 1].</param>
    public static double Where(DiffusionSetup setup, double share)
    {
        double noisy = Require.UnitInterval(share) * Noise(1), low = 0, high = 1;
        if (share == 1)
            return 1;
        // Halved as often as a double has digits.
        for (int n = 0; n < 53; n++)
        {
            double middle = (low + high) / 2;
            (low, high) = Noise(middle) < noisy ? (middle, high) : (low, middle);
        }

        return high;

        double Noise(double time)
        {
            var marginal = setup.At(time);
            return setup.OnlyMasks ? marginal.MaskProbability : 1 - marginal.Alpha;
        }
    }
}
