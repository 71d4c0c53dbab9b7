using Bench.Numerics;
using Bench.Statistics;
using MathNet.Numerics.Statistics;

namespace Bench.Metrics;

/// <summary>
/// KL(truth ‖ model) per token, where the distribution of the text is known: how much more likely chunks drawn from it are under it than
/// under the model. An upper bound of it where the model's nats are one.
/// </summary>
/// <remarks>
/// Chunk by chunk the two are about equally hard, so that the mean of their differences is far better known than the difference of their
/// means.
/// </remarks>
public static class KlFromTruth
{
    /// <summary>From nats of the same chunks under both.</summary>
    /// <param name="model">Nats of each chunk under the model, or their upper bounds.</param>
    /// <param name="truth">Nats of each chunk under the distribution that it was drawn from.</param>
    /// <param name="length">Tokens of a chunk.</param>
    /// <returns>Nats per token, with the normal interval; by chance it may be below 0.</returns>
    public static Estimate Of(ReadOnlySpan<double> model, ReadOnlySpan<double> truth, int length)
    {
        Require.Length(model.Length, truth.Length);
        Require.Positive(length);
        var excess = new double[model.Length];
        for (int i = 0; i < excess.Length; i++)
            excess[i] = (model[i] - truth[i]) / length;
        return excess.Length == 0
            ? Estimate.Bare(double.NaN, 0)
            : Estimate.Normal(excess.Average(), excess.StandardDeviation() / Math.Sqrt(excess.Length), excess.Length);
    }
}
