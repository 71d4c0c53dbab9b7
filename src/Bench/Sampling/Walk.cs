using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Generation whose every step depends on the network, even in whether a masked token is revealed: what samplers of that kind do alike.</summary>
internal static class Walk
{
    /// <summary>Turns the N + 1 outputs at a position into weights of its next token; negative ones count nothing.</summary>
    internal delegate void StepLaw(Span<double> law, long xt, double now, double next);

    /// <summary>From noise to text along the hyperschedule. The draws are in float64; whether a token is revealed is drawn before its word.</summary>
    public static Generation Along(Denoising problem, IDenoiser network, int count, RandomStream draws, Device device, StepLaw weigh, CancellationToken stop)
    {
        using var recorded = no_grad();
        var canvas = new Canvas(problem, count, draws.Split("prior"));
        var (reveal, word) = (draws.Split("reveal"), draws.Split("word"));
        for (int step = 0; step < problem.Path.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            List<int> asked = [.. canvas.Active(step).Where(at => MayMove(problem, canvas, step, at))];
            if (asked.Count == 0)
                continue;
            double[] outputs = canvas.AskOutputs(network, step, asked, device);
            foreach (var (m, at) in asked.Index())
            {
                var law = outputs.AsSpan(m * problem.Words.Size, problem.Words.Size);
                var (now, next) = canvas.Times(step, at);
                weigh(law, canvas.Tokens[at], now, next);
                canvas.Tokens[at] = Draw(law, canvas.Tokens[at], next == 0, canvas.Uniform(reveal, step, at), canvas.Uniform(word, step, at));
            }
        }

        return canvas.Finish();
    }

    /// <summary>Draws from weights over N words and the mask.</summary>
    /// <param name="law">N + 1 weights; negative ones count nothing.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="settles">Whether no mask may be left.</param>
    /// <param name="reveal">Uniform in (0, 1), decides whether a masked token becomes a word.</param>
    /// <param name="word">Uniform in (0, 1), decides which.</param>
    internal static int Draw(Span<double> law, long xt, bool settles, double reveal, double word)
    {
        double words = 0;
        for (int y = 0; y < law.Length; y++)
        {
            law[y] = Math.Max(0, law[y]);
            words += y < law.Length - 1 ? law[y] : 0;
        }

        if (settles)
            law[^1] = 0;
        if (xt != law.Length - 1)
            return Categorical.Draw(law, word);
        return reveal * (words + law[^1]) < words ? Categorical.Draw(law[..^1], word) : law.Length - 1;
    }

    private static bool MayMove(Denoising problem, Canvas canvas, int step, int at)
    {
        var (s, t) = canvas.Step(step, at);
        return canvas.Tokens[at] == problem.Words.MaskId || ReverseLaw.MayChange(s, t, problem.Process.Chain);
    }
}
