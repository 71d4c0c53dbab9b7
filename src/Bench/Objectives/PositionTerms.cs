using Bench.Models;
using Bench.Noise;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>The terms of the bound at all positions of noisy examples.</summary>
internal static class PositionTerms
{
    /// <summary>One term a position, along the steps that the examples' snapshots look at; none at positions that are not looked at.</summary>
    public static NelboTerm[] Of(Denoising problem, NoisyBatch batch)
    {
        var (process, words) = (problem.Process, problem.Words);
        var terms = new NelboTerm[batch.Tokens.Length];
        for (int at = 0; at < terms.Length; at++)
        {
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            var snapshot = batch.Snapshots[row];
            if (snapshot.Steps[i] < 0)
                continue;
            bool masked = batch.Tokens[at] == words.MaskId, unchanged = batch.Tokens[at] == batch.Clean.Tokens[at];
            double time = snapshot.Times[i];
            var now = problem.At(time);
            terms[at] = snapshot.Next is { } next
                ? snapshot.Weight * NelboTerm.OfStep(problem.At(next[i]), now, process.Chain, masked, unchanged, words.Words)
                : (snapshot.Weight * problem.Schedule.Rate(time)) * NelboTerm.OfRate(now, process.RatesAt(problem.Schedule.Sigma(time)), masked, unchanged, words.Words);
        }

        return terms;
    }

    /// <summary>The terms at a network's predictions; it is asked only where they depend on them.</summary>
    /// <returns>[B, L] nats.</returns>
    public static Tensor Evaluate(IDenoiser network, NoisyBatch batch, NelboTerm[] terms, Device device)
    {
        using var scope = NewDisposeScope();
        int[] wanted = [.. Enumerable.Range(0, terms.Length).Where(i => !terms[i].Vanishes)];
        var logits = batch.Logits(network, wanted, device);                                               // [M, V]
        var nats = Expectation.Of(logits, Array.ConvertAll(wanted, i => terms[i]), Pick(batch.Clean.Tokens), Pick(batch.Tokens)); // [M]
        return zeros([terms.Length], nats.dtype, device).scatter(0, tensor(Array.ConvertAll(wanted, i => (long)i), device: device), nats)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        long[] Pick(long[] tokens) => Array.ConvertAll(wanted, i => tokens[i]);
    }
}
