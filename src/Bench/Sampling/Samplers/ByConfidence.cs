using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Reveals in each step as many of the masks that are denoised together as the schedule says, the most confident first; the tokens are
/// drawn. Quality for diversity: sequences do not have the model's distribution.
/// </summary>
/// <param name="Order">What confidence is. Of equally confident tokens the left one is first.</param>
public sealed record ByConfidence(ConfidenceOrder Order) : ISampler
{
    /// <inheritdoc/>
    public string Name => Order switch
    {
        ConfidenceOrder.MaxProbability => "max-probability",
        ConfidenceOrder.Margin => "margin",
        ConfidenceOrder.LeftToRight => "left-to-right",
        _ => "entropy",
    };

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => OnlyMasks.Refusal(setup);

    /// <inheritdoc/>
    public bool HasDeterminedOrder(DiffusionSetup setup) => true;

    /// <summary>How many of n tokens are masked when a share of masks is left: the nearest whole number.</summary>
    // a half is rounded up, even one that lacks a digit
    public static int Left(int count, double share) => (int)Math.Floor((count * share) + 0.5 + 1e-9);

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var choice = state.Draws.Split("word");
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            var groups = MaskedGroup.Of(state, step)
                .Select(group => (group.Masked, Count: group.Masked.Length - Left(group.Generated, group.Share)))
                .Where(group => group.Count > 0).ToArray();
            if (groups.Length == 0)
                return;
            double[] distributions = state.Predict(step, [.. groups.SelectMany(group => group.Masked)]);
            int first = 0;
            foreach (var (masked, count) in groups)
            {
                int start = first;
                foreach (int m in Enumerable.Range(0, masked.Length)
                    .OrderByDescending(m => Confidence.Of(Order, distributions.AsSpan((start + m) * size, size))).Take(count).ToArray())
                {
                    var distribution = distributions.AsSpan((start + m) * size, size);
                    state.Decoding.Apply(distribution, state.Times(step, masked[m]).Next == 0);
                    state.Reveal(masked[m], distribution, choice, step);
                }

                first += masked.Length;
            }
        };
    }
}
