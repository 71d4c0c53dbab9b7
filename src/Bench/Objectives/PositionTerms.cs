using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>The terms of the bound at all positions of noisy examples.</summary>
internal static class PositionTerms
{
    /// <summary>
    /// One term a position, along the steps of the examples' level draws; none at positions that are given or not looked at.
    /// </summary>
    public static NelboTerm[] Of(DiffusionSetup setup, NoisyBatch batch)
    {
        var (process, vocabulary) = (setup.Process, setup.Vocabulary);
        var terms = new NelboTerm[batch.Tokens.Length];
        for (int at = 0; at < terms.Length; at++)
        {
            if (!batch.IsTarget(at))
                continue;
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            var draw = batch.LevelDraws[row];
            bool masked = batch.Tokens[at] == vocabulary.MaskId, unchanged = batch.Tokens[at] == batch.Clean.Tokens[at];
            double time = draw.Times[i];
            var now = setup.At(time);
            terms[at] = draw.Next is { } next
                ? draw.Weight * NelboTerm.OfStep(setup.At(next[i]), now, process.Chain, masked, unchanged, vocabulary.TokenCount)
                : (draw.Weight * setup.Schedule.Rate(time))
                    * NelboTerm.OfRate(now, process.RatesAt(setup.Schedule.Sigma(time)), masked, unchanged, vocabulary.TokenCount);
        }

        return terms;
    }

    /// <summary>The terms at a network's predictions; it is asked only where they depend on them.</summary>
    /// <returns>[B, L] nats.</returns>
    public static Tensor Evaluate(IDenoiser network, NoisyBatch batch, NelboTerm[] terms, Device device)
    {
        using var scope = NewDisposeScope();
        int[] wanted = [.. Enumerable.Range(0, terms.Length).Where(i => !terms[i].Vanishes)];
        var nats = batch.PerPosition(network, wanted, device, (logits, first) =>                           // [M]
        {
            int[] part = wanted[first..(first + (int)logits.size(0))];
            return BoundEvaluator.Of(
                logits, Array.ConvertAll(part, i => terms[i]), Pick(part, batch.Clean.Tokens), Pick(part, batch.Tokens));
        });
        return zeros([terms.Length], nats.dtype, device).scatter(0, tensor(Array.ConvertAll(wanted, i => (long)i)).On(device), nats)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        static long[] Pick(int[] part, long[] tokens) => Array.ConvertAll(part, i => tokens[i]);
    }
}

/// <summary>Terms of the bound, filled with a network's prediction.</summary>
public static class BoundEvaluator
{
    /// <summary>Each position's term at the distribution π that its logits stand for: their softmax over tokens.</summary>
    /// <param name="logits">[M, V] with the mask last.</param>
    /// <param name="terms">M.</param>
    /// <param name="x0">M clean tokens.</param>
    /// <param name="xt">M noisy tokens.</param>
    /// <returns>[M] nats.</returns>
    public static Tensor Of(Tensor logits, IReadOnlyList<NelboTerm> terms, long[] x0, long[] xt)
    {
        using var scope = NewDisposeScope();
        // Near full noise the terms cancel to the square of what is left of the clean token, and their weight is its inverse: where only
        // the value counts it is computed in float64. Gradients do not suffer, and keep their precision.
        var read = is_grad_enabled() ? logits : logits.to(float64);
        var distribution = read.narrow(-1, 0, logits.size(-1) - 1).log_softmax(-1);
        if (!ReferenceEquals(read, logits))
            read.Dispose();
        return OfDistributions(distribution, terms, x0, xt).MoveToOuterDisposeScope();
    }

    /// <summary>The same at π itself, which need not add up to one: where rows that no token has share in it, it does not.</summary>
    /// <param name="distribution">[M, N] ln π.</param>
    /// <param name="terms">M.</param>
    /// <param name="x0">M clean tokens.</param>
    /// <param name="xt">M noisy tokens.</param>
    /// <returns>[M] nats.</returns>
    internal static Tensor OfDistributions(Tensor distribution, IReadOnlyList<NelboTerm> terms, long[] x0, long[] xt)
    {
        using var scope = NewDisposeScope();
        long tokenCount = distribution.size(-1);
        var clean = At(x0);                                                                   // [M] ln π of the clean token
        // [M] of the noisy one; where that is the mask, its weight is 0
        var current = At([.. xt.Zip(x0, (now, then) => now == tokenCount ? then : now)]);
        var (before, now) = (Mix(term => term.Before), Mix(term => term.Now));
        var nats = PerPosition(term => term.Constant) + (PerPosition(term => term.Clean) * Relative(clean, before));
        if (terms.Any(term => term.Current != 0))
            nats += PerPosition(term => term.Current) * Relative(current, before);
        if (terms.Any(term => term.Every != 0))
            nats += PerPosition(term => term.Every)
                * Relative(distribution, (before.Drawn.unsqueeze(-1), before.Kept.unsqueeze(-1))).sum(-1);
        if (terms.Any(term => term.Evidence != 0 || term.Inverse != 0))
        {
            var evidence = Relative(current, now);
            nats += (PerPosition(term => term.Evidence) * evidence) + (PerPosition(term => term.Inverse) * evidence.neg().exp());
        }

        return nats.MoveToOuterDisposeScope();

        Tensor At(long[] tokens) => distribution.gather(-1, tensor(tokens).On(distribution.device).unsqueeze(-1)).squeeze(-1);

        Tensor PerPosition(Func<NelboTerm, double> of) => tensor([.. terms.Select(of)], distribution.dtype).On(distribution.device);

        // ln(1 − κ) and ln κN, taken in float64: in the tensor's precision κ may be 1 where it is not.
        (Tensor Drawn, Tensor Kept) Mix(Func<NelboTerm, double> kappa) =>
            (PerPosition(term => Math.Log(1 - kappa(term))), PerPosition(term => Math.Log(kappa(term) * tokenCount)));

        // ln(1 + κ(N π − 1)) without cancellation, whatever κ.
        static Tensor Relative(Tensor logarithm, (Tensor Drawn, Tensor Kept) mix)
        {
            using var kept = mix.Kept + logarithm; // as large as all logits
            return mix.Drawn.logaddexp(kept);
        }
    }
}
