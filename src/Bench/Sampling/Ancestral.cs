using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>The posterior step q(x_s | x_t, x_0 = π) of any noise process, from each position's own level to its own next one.</summary>
/// <remarks>
/// Along a flat hyperschedule with absorbing noise this is MDLM's sampler (arXiv 2406.07524, equation 5); along the autoregressive one it is GPT's, token by token.
/// Whether a masked position is revealed is drawn before its word: a position that stays as it is needs no logits, and a step in which all do needs
/// no call. The draws are in float64, where rare words are not cut off (arXiv 2409.02908).
/// </remarks>
public sealed record Ancestral : ISampler
{
    /// <inheritdoc/>
    public string Name => "ancestral";

    /// <inheritdoc/>
    public Generation Generate(IDenoiser network, Denoising problem, int count, RandomStream draws, Device device, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        var canvas = new Canvas(problem, count, draws.Split("prior"));
        var (reveal, word) = (draws.Split("reveal"), draws.Split("word"));
        for (int step = 0; step < problem.Path.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            List<int> asked = [.. canvas.Active(step).Where(at => Moves(problem, canvas, step, at, reveal))];
            if (asked.Count == 0)
                continue;
            double[] laws = canvas.Ask(network, step, asked, device);
            foreach (var (m, at) in asked.Index())
            {
                var (s, t) = canvas.Step(step, at);
                var law = laws.AsSpan(m * problem.Words.Size, problem.Words.Size);
                ReverseLaw.Weigh(law, canvas.Tokens[at], s, t, problem.Process.Chain);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
            }
        }

        return canvas.Finish();
    }

    // Whether a position needs the network: a masked one that is to be revealed, or a word that may be exchanged.
    private static bool Moves(Denoising problem, Canvas canvas, int step, int at, RandomStream reveal)
    {
        var (s, t) = canvas.Step(step, at);
        if (canvas.Tokens[at] != problem.Words.MaskId)
            return ReverseLaw.MayChange(s, t, problem.Process.Chain);
        double stays = Posterior.Of(s, t, problem.Process.Chain, masked: true, unchanged: false, problem.Words.Words).Mask;
        return canvas.Uniform(reveal, step, at) >= stays;
    }
}
