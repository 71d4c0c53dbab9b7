using Bench.Models;
using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Released;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>The law of one reverse step, against the posterior of absorbing noise, and what is drawn from it; and whole autoregressive runs.</summary>
public sealed class MdlmSampler : IGoldenFamily
{
    public string Family => "mdlm_sampler";

    public string? Check(GoldenCase golden) => golden.Function switch
    {
        "Diffusion._ar_sampler" => NextToken(golden),
        _ => golden.Inputs.GetProperty("parameterization").GetString() == "subs" ? Step(golden) : OfScores(golden),
    };

    // Gumbel noise is −ln(−ln u).
    private static string? NextToken(GoldenCase golden)
    {
        var logProbabilities = golden.Inputs.GetProperty("log_probs");
        var noise = golden.Inputs.GetProperty("gumbel_noise");
        int length = golden.Count("length"), batch = noise.GetArrayLength();
        var draws = new RecordedDraws([.. from i in Enumerable.Range(0, length - 1) from row in Enumerable.Range(0, batch) from g in GoldenCase.Numbers(noise[row][i]) select Math.Exp(-Math.Exp(-g))]);
        double[][][] outputs = [.. logProbabilities.EnumerateArray().Select(rows => rows.EnumerateArray().Select(GoldenCase.Numbers).ToArray())];
        long[][] x = [.. Enumerable.Range(0, batch).Select(_ => new long[length])];
        foreach (long[] row in x)
            row[0] = golden.Count("bos");
        ReleasedNextToken.Run(_ => outputs, x, new TemperedRace(draws));
        draws.AssertSpent();
        GoldenTokens.Assert(golden.Expected.GetProperty("x"), x);
        return null;
    }

    private static string? OfScores(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        var problem = GivenNoise.Problem(size - 1, new Absorbing(), golden.Schedule(), length: 1);
        double t = golden.Number("t");
        bool settles = !golden.Inputs.TryGetProperty("dt", out var step);
        double[] outputs = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))).data<double>().ToArray();
        double[] expected = order.Of(GoldenCase.Real(golden.Expected.GetProperty("q_xs"))).data<double>().ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            var law = outputs.AsSpan(i * size, size);
            new Analytic(ScaledBySigma: true).Weigh(problem, law, x[i], t, settles ? 0 : t - step.GetDouble());
            int compared = settles ? size - 1 : size; // at the end the mask is left out
            Close.Assert(expected.AsSpan(i * size, compared), law[..compared], what: $"weights at {i}");
            law[compared..].Clear();
            AssertDrawn(golden, order, i, law);
        }

        return null;
    }

    // Their analytic step is the same law for absorbing noise, and their denoising step is the step to t = 0.
    private static string? Step(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        int mask = golden.Count("mask_index");
        var order = new MaskLast(size, mask);
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        var schedule = golden.Schedule();
        double t = golden.Number("t");
        double before = golden.Inputs.TryGetProperty("dt", out var step) ? t - step.GetDouble() : 0;
        Marginal At(double time) => time > 0 ? new Absorbing().At(schedule.Sigma(time)) : Marginal.Clean;
        double stays = Posterior.Of(At(before), At(t), Chain.MaskAbsorbs, masked: true, unchanged: false, size - 1).Mask;

        double[] clean = Substitution.AtMasked(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))), size - 1).exp().data<double>().ToArray();
        double[] expected = order.Of(GoldenCase.Real(golden.Expected.GetProperty("probs_normalized"))).data<double>().ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != size - 1)
                continue; // they compute weights for visible tokens, too, and then throw them away
            double[] law = [.. clean[(i * size)..(((i + 1) * size) - 1)].Select(p => (1 - stays) * p), stays];
            Close.Assert(expected.AsSpan(i * size, size), law, what: $"law at {i}");
            AssertDrawn(golden, order, i, law);
        }

        return null;
    }

    private static void AssertDrawn(GoldenCase golden, MaskLast order, int at, ReadOnlySpan<double> law)
    {
        double[] draws = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("draws")[0].GetProperty("values"))).data<double>().ToArray();
        long[] next = order.Of(GoldenCase.Integers(golden.Expected.GetProperty("x_next")));
        Assert.Equal(next[at], Race.OfSedd(new RecordedDraws(draws[(at * law.Length)..((at + 1) * law.Length)])).From(law));
    }
}
