using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>Noise times found by what noise does there.</summary>
public static class NoiseTime
{
    /// <summary>The time at which a share of the tokens is masked that is so many times the one at time 1.</summary>
    /// <param name="setup">Noise that masks the more, the later.</param>
    /// <param name="share">u_t/u_1, in [0, 1].</param>
    public static double Where(DiffusionSetup setup, double share)
    {
        double masked = Require.UnitInterval(share) * setup.At(1).MaskProbability, low = 0, high = 1;
        if (share == 1)
            return 1;
        // Halved as often as a double has digits.
        for (int n = 0; n < 53; n++)
        {
            double middle = (low + high) / 2;
            (low, high) = setup.At(middle).MaskProbability < masked ? (middle, high) : (low, middle);
        }

        return high;
    }
}
