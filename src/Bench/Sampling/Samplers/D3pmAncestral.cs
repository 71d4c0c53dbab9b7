using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// The posterior step q(x_s | x_t, x_0 = x_θ) of absorbing noise whose prediction puts mass on [MASK], too (D3PM, arXiv 2107.03006).
/// </summary>
/// <remarks>A token that is predicted to be the mask stays masked; at the clean end, where that cannot be, tokens share its mass.</remarks>
public sealed record D3pmAncestral : ISampler
{
    /// <inheritdoc/>
    public string Name => "ancestral with mass on the mask";

    /// <inheritdoc/>
    public NetworkOutput Reads => NetworkOutput.CleanDistributionWithMask;

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) =>
        setup.Process is Absorbing ? null : $"this step is written for absorbing noise, not for {setup.Process.Name}";

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state) =>
        ScoreSamplerLoop.Along(state, (distribution, _, now, next) => Weigh(distribution, state.Setup.At(next), state.Setup.At(now)));

    /// <summary>Turns the outputs at a masked position into the distribution of its next token.</summary>
    /// <param name="outputs">In: N + 1 logits. Out: N + 1 probabilities.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static void Weigh(Span<double> outputs, Marginal s, Marginal t)
    {
        double top = double.NegativeInfinity, total = 0;
        foreach (double output in outputs)
            top = Math.Max(top, output);
        for (int y = 0; y < outputs.Length; y++)
            total += outputs[y] = Math.Exp(outputs[y] - top);
        double mask = outputs[^1] / total, evidence = (t.Alpha * mask) + t.MaskProbability; // q_t([MASK] | x_θ)
        for (int y = 0; y < outputs.Length - 1; y++)
            outputs[y] *= (s.Alpha - t.Alpha) / total / evidence;
        outputs[^1] = ((s.Alpha * mask) + s.MaskProbability) / evidence;
    }
}
