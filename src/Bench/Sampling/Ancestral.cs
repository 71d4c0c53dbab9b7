using System.Diagnostics;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>The exact posterior step of absorbing noise, from each position's own level to its own next one (MDLM, arXiv 2406.07524, equation 5).</summary>
/// <remarks>
/// Along <see cref="Hyperschedule.Flat"/> this is MDLM's sampler; along <see cref="Hyperschedule.Autoregressive"/> it is GPT's, token by token.
/// Whether a position is revealed is drawn before its word: only positions that are revealed need logits, and a step that reveals none needs
/// no call. The draws are in float64, where rare words are not cut off (arXiv 2409.02908).
/// </remarks>
/// <param name="Schedule">Noise at time level/depth; it must be full at time 1.</param>
public sealed record Ancestral(INoiseSchedule Schedule) : ISampler
{
    private readonly Absorbing process = new();

    /// <inheritdoc/>
    public string Name => "ancestral";

    /// <inheritdoc/>
    public Generation Generate(
        IDenoiser network, BackboneView view, Vocabulary words, Hyperschedule schedule, int count, RandomStream draws, Device device, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        var clock = Stopwatch.StartNew();
        int length = schedule.Length;
        var x = new long[count * length];
        Array.Fill(x, words.MaskId);
        int calls = 0;
        for (int step = 0; step < schedule.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var revealed = Revealed(x, schedule, step, words, count, draws.Split("reveal"));
            if (revealed.Count == 0)
                continue;
            Fill(x, revealed, Probabilities(network, view, words, schedule, step, x, count, revealed, device), step, length, draws.Split("word"));
            calls++;
        }

        return new Generation([.. Enumerable.Range(0, count).Select(row => Array.ConvertAll(x[(row * length)..((row + 1) * length)], token => (int)token))], calls, clock.Elapsed.TotalSeconds);
    }

    private List<int> Revealed(long[] x, Hyperschedule schedule, int step, Vocabulary words, int count, RandomStream draws)
    {
        List<int> revealed = [];
        for (int i = 0; i < schedule.Length; i++)
        {
            if (schedule.RegionAt(step, i) != Region.Active)
                continue;
            double stays = Posterior.Of(MarginalAt(schedule.TimeAt(step + 1, i)), MarginalAt(schedule.TimeAt(step, i)), masked: true, unchanged: false, words.Words).Mask;
            for (int row = 0; row < count; row++)
            {
                int at = (row * schedule.Length) + i;
                if (x[at] == words.MaskId && draws.Uniform(row, ((long)step * schedule.Length) + i) >= stays)
                    revealed.Add(at);
            }
        }

        return revealed;
    }

    // A settled position is a word, even where the schedule leaves some noise at time 0.
    private Marginal MarginalAt(double time) => time == 0 ? Marginal.Clean : process.At(Schedule.Sigma(time));

    // [M, V] in float64: the network sees nothing behind the last active position, which is where the worthless ones are.
    private static double[] Probabilities(
        IDenoiser network, BackboneView view, Vocabulary words, Hyperschedule schedule, int step, long[] x, int count, List<int> revealed, Device device)
    {
        using var scope = NewDisposeScope();
        int window = Enumerable.Range(0, schedule.Length).Last(i => schedule.RegionAt(step, i) == Region.Active) + 1;
        var seen = new long[count * window];
        for (int row = 0; row < count; row++)
            x.AsSpan(row * schedule.Length, window).CopyTo(seen.AsSpan(row * window));
        if (view.Shifted)
            seen = new TokenBatch(seen, new long[count]).Shifted(words.MaskId);
        var positions = tensor([.. revealed.Select(at => ((long)(at / schedule.Length) * window) + (at % schedule.Length))], device: device);
        var logits = network.Logits(tensor(seen, [count, window], device: device), sigma: null, positions);
        return Substitution.AtMasked(logits.to(float64), words.MaskId).exp().data<double>().ToArray();
    }

    private static void Fill(long[] x, List<int> revealed, double[] probabilities, int step, int length, RandomStream draws)
    {
        int size = probabilities.Length / revealed.Count;
        foreach (var (m, at) in revealed.Index())
            x[at] = Categorical.Draw(probabilities.AsSpan(m * size, size), draws.Uniform(at / length, ((long)step * length) + (at % length)));
    }
}
