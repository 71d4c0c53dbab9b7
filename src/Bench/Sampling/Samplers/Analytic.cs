using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// The analytic sampler of networks that give scores, for any process whose mask absorbs, from each position's own level to its own next
/// one (SEDD, arXiv 2310.16834; HDLM, arXiv 2504.06416).
/// </summary>
/// <remarks>The step to the clean end is SEDD's denoising step: no mask is left.</remarks>
/// <param name="ScaledBySigma">Whether outputs are lowered by <see cref="ScoreOutput.Offset"/>.</param>
public sealed record Analytic(bool ScaledBySigma) : ISampler
{
    /// <inheritdoc/>
    public string Name => "analytic";

    /// <inheritdoc/>
    public NetworkOutput Reads => NetworkOutput.Scores;

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup)
    {
        if (setup.Process.Chain != Chain.MaskAbsorbs)
            return $"scores of tokens alone say nothing of a mask that {setup.Process.Name} noise leaves again";
        // Scaled outputs of absorbing noise are the distribution of the token at every noise; all other scores are the same for every text
        // once nothing is left of it.
        return setup.At(1).IsPureNoise && !(ScaledBySigma && setup.OnlyMasks)
            ? $"at infinite noise scores say nothing; the {setup.Schedule.Name} schedule has to leave something at time 1"
            : null;
    }

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state) =>
        ScoreSamplerLoop.Along(state, (distribution, xt, now, next) => Weigh(state.Setup, distribution, xt, now, next));

    /// <summary>Turns the outputs of one position into the weights of its next token.</summary>
    /// <param name="setup">The noise.</param>
    /// <param name="outputs">In: N + 1 outputs. Out: weights over N + 1 states.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="now">Its noise time.</param>
    /// <param name="next">Its next one.</param>
    public void Weigh(DiffusionSetup setup, Span<double> outputs, long xt, double now, double next)
    {
        var t = setup.At(now);
        int tokenCount = outputs.Length - 1;
        double offset = 0;
        if (xt != tokenCount)
            offset = ScaledBySigma ? ScoreOutput.Offset(setup.Schedule.Sigma(now), tokenCount) : 0;
        else if (ScaledBySigma && !t.MayReplace)
            offset = Math.Log(tokenCount); // q([MASK])/(1 − q([MASK])) is e^σ − 1, and cancels even at σ = ∞
        else
            offset = (ScaledBySigma ? ScoreOutput.Offset(setup.Schedule.Sigma(now), tokenCount) : 0)
                - Math.Log(t.MaskRatio);
        ScoreOutput.Read(outputs, xt, offset);
        Tweedie.Weigh(outputs, xt, setup.At(next), t);
    }
}
