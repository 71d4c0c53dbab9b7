using System.Text.Json;
using Bench.Models;
using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>SEDD's analytic, Euler and denoising steps from fixed log-scores, their weights and what is drawn from them; and whole runs.</summary>
public sealed class SeddSampler : IGoldenFamily
{
    public string Family => "sedd_sampler";

    public string? Check(GoldenCase golden)
    {
        int words = golden.Count("num_tokens");
        var problem = GivenNoise.Problem(
            words, golden.Inputs.GetProperty("graph").GetString() == "absorb" ? new Absorbing() : new Uniform(), GivenNoise.Schedule(golden, 1e-3), length: 1);
        if (golden.Function == "get_pc_sampler.pc_sampler")
            return Run(golden, problem);
        double now = golden.Number("t"), next = golden.Function == "Denoiser.update_fn" ? 0 : now - golden.Number("step_size");
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        double[] outputs = GoldenCase.Numbers(golden.Inputs.GetProperty("log_score"));
        int given = outputs.Length / x.Length; // with a column for the mask where there is one
        Compare(golden.Expected.GetProperty("weights"), "weights");
        if (golden.Json.TryGetProperty("exact", out var exact))
            Compare(exact.GetProperty("weights"), "exact weights");
        return null;

        void Compare(JsonElement expected, string what)
        {
            double[] weights = GoldenCase.Numbers(expected);
            int columns = weights.Length / x.Length;
            var draw = Race.OfSedd(new RecordedDraws(golden.Inputs.GetProperty("draws")));
            long[] drawn = GoldenCase.Integers(golden.Expected.GetProperty("x_next"));
            for (int i = 0; i < x.Length; i++)
            {
                var law = new double[words + 1];
                outputs.AsSpan(i * given, given).CopyTo(law);
                if (golden.Function == "EulerPredictor.update_fn")
                    new Euler(ScaledBySigma: false).Weigh(problem, law, x[i], now, next);
                else
                    new Analytic(ScaledBySigma: false).Weigh(problem, law, x[i], now, next);
                Close.Assert(weights.AsSpan(i * columns, columns), law.AsSpan(0, columns), what: $"{what} at {i}");
                Assert.Equal(drawn[i], draw.From(law.AsSpan(0, columns)));
            }
        }
    }
    // All positions are at one time, whatever the length of the problem.
    private static string? Run(GoldenCase golden, Denoising problem)
    {
        var network = new RecordedNetwork(golden.Inputs.GetProperty("log_score_per_call"));
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        long[][] x = GoldenTokens.Masks(golden, golden.Count("batch"), golden.Count("length"), problem.Words.MaskId);
        new ReleasedScoreSampler(problem, new ReleasedGrid(golden.Count("steps"), golden.Number("eps"))).Run(network.Answer, x, Race.OfSedd(draws));

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected.GetProperty("x_at_each_call"));
        GoldenTokens.Assert(golden.Expected.GetProperty("x_final"), x);
        // By row.
        network.AssertTold([.. GoldenCase.Numbers(golden.Expected.GetProperty("sigma_at_each_call")).SelectMany(sigma => Enumerable.Repeat(sigma, golden.Count("length")))]);
        return null;
    }
}
