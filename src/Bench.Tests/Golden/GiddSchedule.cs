using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Sampling;

namespace Bench.Tests.Golden;

/// <summary>GIDD's marginals, draws from them, its strata of time, and the masked diffusion beside it.</summary>
public sealed class GiddSchedule : IGoldenFamily
{
    // The share of uniform tokens is never quite zero: by default it is e^−20 or more.
    private const double ClipNoise = 20;

    public string Family => "gidd_schedule";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Group)
        {
            case "alpha":
                Marginals(golden);
                return null;
            case "zt":
                golden.Expected.Match("z_t", Drawn(golden), 0);
                return null;
            case "masked":
                var schedule = new LogLinear(golden.Number("eps"));
                golden.Expected.Match("sigma", [.. Times(golden).Select(schedule.Sigma)], 1e-9, "sigma");
                golden.Expected.Match("dsigma", [.. Times(golden).Select(schedule.Rate)], 1e-9, "dsigma");
                Mixed(golden, [.. Times(golden).Select(t => new Absorbing().At(schedule.Sigma(t)))]);
                return null;
            default:
                Strata(golden);
                return null;
        }
    }

    private static void Marginals(GoldenCase golden)
    {
        Marginal[] marginals = [.. Times(golden).Select(t => At(golden, t))];
        int size = golden.Count("vocab_size"), mask = golden.Count("mask_index");
        foreach (var values in new[] { golden.Expected, golden.Exact })
        {
            values.Match("alpha", [.. marginals.Select(marginal => marginal.Keep)], 1e-12);
            values.Match("beta_pi", [.. marginals.SelectMany(marginal => Noise(marginal, size, mask))], 1e-12);
        }

        double share = Share(golden);
        golden.Expected.Match("effective_p_uniform", share);
        golden.Expected.Match("log_B", (golden.Number("gamma") * Math.Log(2)) + Math.Log(share / (1 - share)));

        Mixed(golden, marginals);
    }

    private static void Mixed(GoldenCase golden, Marginal[] marginals)
    {
        int size = golden.Count("vocab_size"), mask = golden.Count("mask_index");
        double[] clean = GoldenCase.Numbers(golden.Inputs.GetProperty("probs"));
        int perTime = clean.Length / marginals.Length;
        golden.Expected.Match(
            "probs_at_t", [.. clean.Select((p, i) =>
                (marginals[i / perTime].Keep * p) + Noise(marginals[i / perTime], size, mask)[i % size])], 1e-12);
    }

    private static double[] Drawn(GoldenCase golden)
    {
        int size = golden.Count("vocab_size"), mask = golden.Count("mask_index");
        double[] times = Times(golden), draws = GoldenDraw.All(golden).Single().Uniforms();
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        var drawn = new double[x0.Length];
        for (int i = 0; i < x0.Length; i++)
        {
            var marginal = At(golden, times[i / (x0.Length / times.Length)]);
            double[] distribution = Noise(marginal, size, mask);
            distribution[x0[i]] += marginal.Keep;
            drawn[i] = Categorical.Draw(distribution, draws[i]);
        }

        return drawn;
    }

    private static void Strata(GoldenCase golden)
    {
        int count = golden.Count("batch");
        double epsilon = golden.Number("eps");
        double[] draws = GoldenDraw.All(golden).Single().Uniforms(), levels = draws;
        if (golden.Has("low_discrepancy"))
        {
            // One draw for all strata, where ours has one for each; its own stratum is their first.
            double u = draws.Single();
            double[] strata = Bench.Objectives.Strata.Of(count, _ => u * count % 1);
            levels = [.. Enumerable.Range(0, count).Select(k => strata[((int)(u * count) + k) % count])];
        }

        golden.Only("batch", levels.Length == count, "the number of times");
        golden.Expected.Match("t", [.. levels.Select(t => epsilon + ((1 - (2 * epsilon)) * t))]);
    }

    private static Marginal At(GoldenCase golden, double t) => new Gidd(Share(golden), golden.Number("gamma"))
        .At(new LogLinear(0).Sigma(t));

    private static double Share(GoldenCase golden) =>
        Math.Max(Math.Exp(-(golden.Inputs.TryGetProperty("clip_noise", out var given) ? given.GetDouble() : ClipNoise)),
            golden.Number("p_uniform"));

    private static double[] Noise(Marginal marginal, int size, int mask) =>
        [.. Enumerable.Range(0, size).Select(id => id == mask ? marginal.Mask : marginal.Uniform / (size - 1))];

    private static double[] Times(GoldenCase golden) => GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
}
