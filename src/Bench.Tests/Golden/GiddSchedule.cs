using Bench.Noise;
using Bench.Sampling;

namespace Bench.Tests.Golden;

/// <summary>GIDD's marginals, draws from them, its strata of time, and the masked diffusion beside it.</summary>
public sealed class GiddSchedule : IGoldenFamily
{
    // Its share of uniform words is never quite zero.
    private static readonly double Floor = Math.Exp(-20);

    public string Family => "gidd_schedule";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Json.GetProperty("group").GetString())
        {
            case "alpha":
                Marginals(golden);
                return null;
            case "zt":
                Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("z_t")), Drawn(golden), what: "z_t");
                return null;
            case "masked":
                var schedule = new LogLinear(golden.Number("eps"));
                Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("sigma")), [.. Times(golden).Select(schedule.Sigma)], 1e-9, "sigma");
                Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("dsigma")), [.. Times(golden).Select(schedule.Rate)], 1e-9, "dsigma");
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
        foreach (var values in new[] { golden.Expected, golden.Json.GetProperty("exact") })
        {
            Close.Assert(GoldenCase.Numbers(values.GetProperty("alpha")), [.. marginals.Select(marginal => marginal.Keep)], 1e-12, "alpha");
            Close.Assert(GoldenCase.Numbers(values.GetProperty("beta_pi")), [.. marginals.SelectMany(marginal => Noise(marginal, size, mask))], 1e-12, "beta pi");
        }

        Mixed(golden, marginals);
    }

    private static void Mixed(GoldenCase golden, Marginal[] marginals)
    {
        int size = golden.Count("vocab_size"), mask = golden.Count("mask_index");
        double[] clean = GoldenCase.Numbers(golden.Inputs.GetProperty("probs"));
        int perTime = clean.Length / marginals.Length;
        Close.Assert(
            GoldenCase.Numbers(golden.Expected.GetProperty("probs_at_t")),
            [.. clean.Select((p, i) => (marginals[i / perTime].Keep * p) + Noise(marginals[i / perTime], size, mask)[i % size])],
            1e-12,
            "mixed law");
    }

    private static double[] Drawn(GoldenCase golden)
    {
        int size = golden.Count("vocab_size"), mask = golden.Count("mask_index");
        double[] times = Times(golden), draws = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[0].GetProperty("values"));
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        var drawn = new double[x0.Length];
        for (int i = 0; i < x0.Length; i++)
        {
            var marginal = At(golden, times[i / (x0.Length / times.Length)]);
            double[] law = Noise(marginal, size, mask);
            law[x0[i]] += marginal.Keep;
            drawn[i] = Categorical.Draw(law, draws[i]);
        }

        return drawn;
    }

    private static void Strata(GoldenCase golden)
    {
        // One draw for all strata, where ours has one for each, and times in another order.
        int count = golden.Count("batch");
        double epsilon = golden.Number("eps"), u = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[0].GetProperty("values"))[0];
        double[] expected = [.. GoldenCase.Numbers(golden.Expected.GetProperty("t")).Order()];
        Close.Assert(expected, [.. Bench.Objectives.Strata.Of(count, _ => u * count % 1).Select(t => epsilon + ((1 - (2 * epsilon)) * t))], 1e-9, "t");
    }

    private static Marginal At(GoldenCase golden, double t) => new Gidd(Math.Max(Floor, golden.Number("p_uniform")), golden.Number("gamma")).At(new LogLinear(0).Sigma(t));

    private static double[] Noise(Marginal marginal, int size, int mask) => [.. Enumerable.Range(0, size).Select(id => id == mask ? marginal.Mask : marginal.Uniform / (size - 1))];

    private static double[] Times(GoldenCase golden) => GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
}
