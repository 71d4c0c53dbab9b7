using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

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
    public Generation Generate(IDenoiser network, Denoising problem, int count, RandomStream draws, Device device, CancellationToken stop = default)
    {
        if (problem.Process is not Absorbing)
            throw new ArgumentException($"this step is written for absorbing noise, not for {problem.Process.Name}", nameof(problem));
        using var recorded = no_grad();
        var canvas = new Canvas(problem, count, draws.Split("prior"));
        var (moves, word) = (draws.Split("reveal"), draws.Split("word"));
        for (int step = 0; step < problem.Path.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var (revealed, remasked) = Moving(canvas, problem, step, moves);
            if (revealed.Count > 0)
            {
                double[] laws = canvas.Ask(network, step, revealed, device);
                foreach (var (m, at) in revealed.Index())
                    canvas.Tokens[at] = Categorical.Draw(laws.AsSpan(m * problem.Words.Size, problem.Words.Size), canvas.Uniform(word, step, at));
            }

            // After the call: the network sees the sequence as it was before the step.
            foreach (int at in remasked)
                canvas.Tokens[at] = problem.Words.MaskId;
        }

        return canvas.Finish();
    }

    private (List<int> Revealed, List<int> Remasked) Moving(Canvas canvas, Denoising problem, int step, RandomStream moves)
    {
        var (revealed, remasked) = (new List<int>(), new List<int>());
        foreach (int at in canvas.Active(step))
        {
            var (s, t) = canvas.Step(step, at);
            var odds = Odds(s, t);
            bool masked = canvas.Tokens[at] == problem.Words.MaskId;
            if (masked && canvas.Uniform(moves, step, at) >= 1 - odds.Revealed)
                revealed.Add(at);
            else if (!masked && canvas.Uniform(moves, step, at) < odds.Remasked)
                remasked.Add(at);
        }

        return (revealed, remasked);
    }
}
