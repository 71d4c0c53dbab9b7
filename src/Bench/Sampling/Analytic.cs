using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>The analytic sampler of networks that give scores, for any process whose mask absorbs, from each position's own level to its own next one (SEDD, arXiv 2310.16834; HDLM, arXiv 2504.06416).</summary>
/// <remarks>The step to the clean end is SEDD's denoising step: no mask is left.</remarks>
/// <param name="ScaledBySigma">Whether outputs are lowered by <see cref="ScoreOutput.Offset"/>.</param>
public sealed record Analytic(bool ScaledBySigma) : ISampler
{
    /// <inheritdoc/>
    public string Name => "analytic";

    /// <inheritdoc/>
    public Generation Generate(IDenoiser network, Denoising problem, int count, RandomStream draws, Device device, CancellationToken stop = default)
    {
        if (problem.Process.Chain != Chain.MaskAbsorbs)
            throw new ArgumentException($"scores of words alone say nothing of a mask that {problem.Process.Name} noise leaves again", nameof(problem));
        // Scaled outputs of absorbing noise are the law of the word at every noise; all other scores are the same for every text once nothing is left of it.
        if (problem.At(1).Keep == 0 && !(ScaledBySigma && problem.At(0.5).Uniform == 0))
            throw new ArgumentException($"at infinite noise scores say nothing; the {problem.Schedule.Name} schedule has to leave something at time 1", nameof(problem));
        return Walk.Along(problem, network, count, draws, device, (law, xt, now, next) => Weigh(problem, law, xt, now, next), stop);
    }

    /// <summary>Turns the outputs of one position into the weights of its next token.</summary>
    /// <param name="problem">The noise.</param>
    /// <param name="outputs">In: N + 1 outputs. Out: weights over N + 1 states.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="now">Its noise time.</param>
    /// <param name="next">Its next one.</param>
    public void Weigh(Denoising problem, Span<double> outputs, long xt, double now, double next)
    {
        var t = problem.At(now);
        int words = outputs.Length - 1;
        double offset = 0;
        if (xt != words)
            offset = ScaledBySigma ? ScoreOutput.Offset(problem.Schedule.Sigma(now), words) : 0;
        else if (ScaledBySigma && t.Uniform == 0)
            offset = Math.Log(words); // the odds of the mask are e^σ − 1, and cancel even at σ = ∞
        else
            offset = (ScaledBySigma ? ScoreOutput.Offset(problem.Schedule.Sigma(now), words) : 0) - Math.Log(t.Mask / (t.Keep + t.Uniform));
        ScoreOutput.Read(outputs, xt, offset);
        Tweedie.Weigh(outputs, xt, problem.At(next), t);
    }
}
