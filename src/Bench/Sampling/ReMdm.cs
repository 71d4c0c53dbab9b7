using Bench.Models;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>Ancestral steps of absorbing noise that also mask words again, so that mistakes can be mended; the share of masks keeps to its schedule (ReMDM, arXiv 2503.00307, with a capped rate).</summary>
/// <param name="Cap">η ≥ 0: the probability that a word is masked again in a step, as far as the schedule admits it; 0 is <see cref="Ancestral"/>.</param>
public sealed record ReMdm(double Cap) : ISampler
{
    /// <inheritdoc cref="ReMdm" path="/param"/>
    public double Cap { get; } = Require.UnitInterval(Cap);

    /// <inheritdoc/>
    public string Name => $"ReMDM, cap {Cap}";

    /// <summary>The probabilities that a word is masked again, σ = min(η, (1 − α_s)/α_t), and that a mask is revealed, (α_s − (1 − σ) α_t)/(1 − α_t).</summary>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public (double Remasked, double Revealed) Odds(Marginal s, Marginal t)
    {
        double sigma = t.Keep == 0 ? Cap : Math.Min(Cap, (1 - s.Keep) / t.Keep);
        return (sigma, (s.Keep - ((1 - sigma) * t.Keep)) / t.Mask);
    }

    /// <inheritdoc/>
    public string? Refuses(Denoising problem) => problem.Process is Absorbing ? null : $"this step is written for absorbing noise, not for {problem.Process.Name}";

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var (moves, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        int size = canvas.Problem.Words.Size;
        return step =>
        {
            var (revealed, remasked) = Moving(canvas, step, moves);
            if (revealed.Count > 0)
            {
                double[] laws = canvas.Ask(step, revealed);
                foreach (var (m, at) in revealed.Index())
                    canvas.Tokens[at] = Categorical.Draw(laws.AsSpan(m * size, size), canvas.Uniform(word, step, at));
            }

            // After the call: the network sees the sequence as it was before the step.
            foreach (int at in remasked)
                canvas.Tokens[at] = canvas.Problem.Words.MaskId;
        };
    }

    private (List<int> Revealed, List<int> Remasked) Moving(Canvas canvas, int step, RandomStream moves)
    {
        var (revealed, remasked) = (new List<int>(), new List<int>());
        foreach (int at in canvas.Active(step))
        {
            var (s, t) = canvas.Step(step, at);
            var odds = Odds(s, t);
            bool masked = canvas.IsMasked(at);
            if (masked && canvas.Uniform(moves, step, at) >= 1 - odds.Revealed)
                revealed.Add(at);
            else if (!masked && canvas.Uniform(moves, step, at) < odds.Remasked)
                remasked.Add(at);
        }

        return (revealed, remasked);
    }
}
