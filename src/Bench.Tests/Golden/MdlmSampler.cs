using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Sampling;
using Bench.Sampling.Samplers;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>
/// The distribution of one reverse step, against the posterior of absorbing noise, and what is drawn from it; and whole autoregressive
/// runs.
/// </summary>
public sealed class MdlmSampler : IGoldenFamily
{
    public string Family => "mdlm_sampler";

    public string? Check(GoldenCase golden)
    {
        if (golden.Function == "Diffusion._ar_sampler")
            NextToken(golden);
        else if (golden.Text("parameterization") == "subs")
            Step(golden);
        else
            OfScores(golden);
        return null;
    }

    // Gumbel noise is −ln(−ln u).
    private static void NextToken(GoldenCase golden)
    {
        var logProbabilities = golden.Inputs.GetProperty("log_probs");
        var noise = golden.Inputs.GetProperty("gumbel_noise");
        int length = golden.Count("length"), batch = noise.Count;
        golden.Only("vocab_size", logProbabilities.Shape()[^1] == golden.Count("vocab_size"), "the vocabulary of the log-probabilities");
        var draws = new RecordedDraws([.. from i in Enumerable.Range(0, length - 1) from row in Enumerable.Range(0,
            batch) from g in noise[row][i].Numbers() select Math.Exp(-Math.Exp(-g))]);
        double[][][] outputs =
            [.. logProbabilities.EnumerateArray().Select(rows => rows.EnumerateArray().Select(GoldenCase.Numbers).ToArray())];
        long[][] x = [.. Enumerable.Range(0, batch).Select(_ => new long[length])];
        foreach (long[] row in x)
            row[0] = golden.Count("bos");
        ReleasedNextToken.Run(_ => outputs, x, new TemperedRace(draws));
        draws.AssertSpent();
        golden.Expected.Match("x", x);
    }

    private static void OfScores(GoldenCase golden)
    {
        golden.Only("parameterization", golden.Text("parameterization") == "sedd", "subs or sedd");
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        var setup = GivenNoise.Setup(size - 1, new Absorbing(), golden.Schedule(), length: 1);
        double t = golden.Number("t"), next = golden.Inputs.TryGetProperty("dt", out var step) ? t - step.GetDouble() : 0;
        bool settles = step is null;
        double[] outputs = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))).data<double>().ToArray();
        double[][] distributions = new double[x.Length][];
        for (int i = 0; i < x.Length; i++)
        {
            distributions[i] = outputs[(i * size)..((i + 1) * size)];
            new Analytic(ScaledBySigma: true).Weigh(setup, distributions[i], x[i], t, next);
            if (settles)
                distributions[i][^1] = 0; // at the end the mask is left out
        }

        if (golden.Inputs.TryGetProperty("time_conditioning", out var conditions))
            golden.Only("time_conditioning", conditions.GetBoolean(), "true: scores depend on the noise");
        golden.Expected.Match("q_xs", [.. distributions.SelectMany(order.Back)]);
        golden.Expected.Match("probs_normalized",
            [.. distributions.SelectMany(
                distribution => order.Back(Array.ConvertAll(distribution, weight => weight / distribution.Sum())))]);
        Drawn(golden, order, distributions, x, overwrites: true);
    }

    // Their analytic step is the same distribution for absorbing noise, and their denoising step is the step to t = 0.
    private static void Step(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        var schedule = golden.Schedule();
        double t = golden.Number("t");
        double before = golden.Inputs.TryGetProperty("dt", out var step) ? t - step.GetDouble() : 0;
        Marginal At(double time) => time > 0 ? new Absorbing().At(schedule.Sigma(time)) : Marginal.Clean;
        double stays = Posterior.Of(At(before), At(t), Chain.MaskAbsorbs, masked: true, unchanged: false, size - 1).Mask;

        double[] clean = Subs.AtMasked(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))), size - 1).exp().data<double>()
            .ToArray();
        double[][] distributions =
            [.. x.Select((_, i) => clean[(i * size)..(((i + 1) * size) - 1)].Select(p => (1 - stays) * p).Append(stays)
            .ToArray())];
        bool IsMasked(int at) => x[at / size] == size - 1; // they compute weights for visible tokens, too, and then throw them away
        golden.Expected.Match("probs_normalized", [.. distributions.SelectMany(order.Back)], where: IsMasked);
        golden.Expected.MatchShares("q_xs", Array.ConvertAll(distributions, order.Back), where: row => x[row] == size - 1);
        if (golden.Expected.Has("p_x0"))
            golden.Expected.Match("p_x0", [.. clean.Chunk(size).SelectMany(order.Back)], where: IsMasked);
        Drawn(golden, order, distributions, x, overwrites: false);
    }

    /// <summary>Compares what is drawn.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="order">Where its mask stands.</param>
    /// <param name="distributions">By position.</param>
    /// <param name="x">Tokens before the step.</param>
    /// <param name="overwrites">Whether visible tokens are drawn, too.</param>
    private static void Drawn(GoldenCase golden, MaskLast order, double[][] distributions, long[] x, bool overwrites)
    {
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new MaskLastPick(Race.OfSedd(draws), order);
        long[] next = [.. distributions.Select(
            (distribution, i) => pick.From(distribution) is var drawn && (overwrites || x[i] == distribution.Length - 1) ? drawn : x[i])];
        golden.Expected.Match("x_next", order.Back(next));
        draws.AssertSpent();
    }
}
