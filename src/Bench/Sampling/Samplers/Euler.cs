using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Tau-leaping of networks that give scores: in a step of length Δt, x_t jumps to y with probability Δt σ' r(y → x_t) s_y (SEDD, arXiv
/// 2310.16834, equation 18).
/// </summary>
/// <remarks>
/// The step to the clean end is the analytic one. <see cref="Analytic"/> is exact where this is right to first order in Δt.
/// </remarks>
/// <param name="ScaledBySigma">Whether outputs are lowered by <see cref="ScoreOutput.Offset"/>.</param>
public sealed record Euler(bool ScaledBySigma) : ISampler
{
    /// <inheritdoc/>
    public string Name => "Euler";

    /// <inheritdoc/>
    public NetworkOutput Reads => NetworkOutput.Scores;

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup)
    {
        if (setup.Process.Chain != Chain.MaskAbsorbs)
            return $"scores of tokens alone say nothing of a mask that {setup.Process.Name} noise leaves again";
        return setup.At(1).IsPureNoise
            ? $"at infinite noise a step has no length; the {setup.Schedule.Name} schedule has to leave something at time 1"
            : null;
    }

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state) =>
        ScoreSamplerLoop.Along(state, (distribution, xt, now, next) => Weigh(state.Setup, distribution, xt, now, next));

    /// <summary>
    /// Turns the outputs of one position into the weights of its next token; in a long step that of staying may be negative.
    /// </summary>
    /// <inheritdoc cref="Analytic.Weigh"/>
    public void Weigh(DiffusionSetup setup, Span<double> outputs, long xt, double now, double next)
    {
        if (next == 0)
        {
            new Analytic(ScaledBySigma).Weigh(setup, outputs, xt, now, next);
            return;
        }

        int tokenCount = outputs.Length - 1;
        double sigma = setup.Schedule.Sigma(now), jumps = (now - next) * setup.Schedule.Rate(now), moved = 0;
        var rates = setup.Process.RatesAt(sigma);
        ScoreOutput.Read(outputs, xt, ScaledBySigma ? ScoreOutput.Offset(sigma, tokenCount) : 0);
        // the rate r(y → x_t), the same from every token
        double into = jumps * rates.Into(masked: xt == tokenCount, tokenCount);
        for (int y = 0; y < tokenCount; y++)
            moved += outputs[y] = y == xt ? 0 : into * outputs[y];
        outputs[tokenCount] = 0;
        outputs[(int)xt] = 1 - moved;
    }
}
