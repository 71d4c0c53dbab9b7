using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's block steps, its nucleus, its analytic steps, which are ours, and whole runs.</summary>
public sealed class Bd3lmSampler : IGoldenFamily
{
    public string Family => "bd3lm_sampler";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Function)
        {
            case "Diffusion._ddpm_caching_update":
                Step(golden);
                return null;
            case "Diffusion._nucleus_sample":
                Nucleus(golden);
                return null;
            case "Diffusion._semi_ar_sampler":
                Run(golden);
                return null;
            default:
                Scores(golden);
                return null;
        }
    }

    private static void Step(GoldenCase golden)
    {
        var x = GoldenTokens.Rows(golden.Inputs.GetProperty("x"));
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        var pick = new RecordedPick(Race.OfSedd(draws));
        var sampler = Sampler(golden, steps: 1, Schedule(golden));
        double[][][] logits = [.. golden.Inputs.GetProperty("logits").EnumerateArray().Select(rows => rows.EnumerateArray().Select(GoldenCase.Numbers).ToArray())];
        int begin = x[0].Length - sampler.Width;
        double t = golden.Number("t");
        sampler.Take(x, begin, sampler.Predict(logits, x, begin), sampler.FirstHitting ? 0 : sampler.Stays(t, t - golden.Number("dt")), draws, pick);
        draws.AssertSpent();
        pick.AssertWeights(golden.Expected.GetProperty("weights"));
        GoldenTokens.Assert(golden.Expected.GetProperty("x_next"), x);
    }

    private static void Nucleus(GoldenCase golden)
    {
        var probabilities = golden.Inputs.GetProperty("probs");
        double[] ours = GoldenCase.Numbers(probabilities);
        int size = (int)GoldenCase.Shape(probabilities)[^1];
        for (int at = 0; at < ours.Length; at += size)
            new Choice(Nucleus: golden.Number("p"), Crossing: Crossing.Dropped).Apply(ours.AsSpan(at, size), settles: false);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("probs")), ours, what: "nucleus");
    }

    private static void Run(GoldenCase golden)
    {
        var network = new RecordedNetwork(golden.Inputs.GetProperty("logits_per_call"));
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        var pick = new RecordedPick(Race.OfSedd(draws));
        long[][] x = GoldenTokens.Masks(golden, batch: 1, golden.Count("length"), golden.Count("mask_index"));
        x[0][0] = golden.Count("bos");
        Sampler(golden, golden.Count("num_steps"), new LogLinear(0)).Run(network.Answer, x, golden.Count("mask_index"), draws, pick);

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected.GetProperty("x_at_each_call"));
        pick.AssertWeights(golden.Expected.GetProperty("weights_at_each_draw"));
        GoldenTokens.Assert(golden.Expected.GetProperty("x_final"), x);
    }

    private static void Scores(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        bool settles = golden.Function == "Diffusion._denoiser_update";
        var problem = GivenNoise.Problem(size - 1, new Absorbing(), new LogLinear(0), length: 1);
        double t = golden.Number("t");
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        var pick = new RecordedPick(Race.OfSedd(new RecordedDraws(golden.Inputs.GetProperty("draws"))));
        double[][] outputs = [.. GoldenCase.Numbers(golden.Inputs.GetProperty("logits")).Chunk(size)];
        long[] next = [.. x.Select((xt, i) =>
        {
            new Analytic(ScaledBySigma: true).Weigh(problem, outputs[i], xt, t, settles ? 0 : t - golden.Number("dt"));
            if (settles)
                outputs[i][^1] = 0; // at the end no mask is left
            return (long)pick.From(outputs[i]);
        })];
        pick.AssertWeights(golden.Expected.GetProperty("weights"));
        Assert.Equal(GoldenCase.Integers(golden.Expected.GetProperty("x_next")), next);
    }

    private static ReleasedBlocks Sampler(GoldenCase golden, int steps, INoiseSchedule schedule) =>
        new(golden.Count("block_size"), steps, golden.Has("first_hitting"), schedule) { Choice = new(Nucleus: golden.Number("nucleus_p"), Crossing: Crossing.Dropped) };

    private static INoiseSchedule Schedule(GoldenCase golden) => golden.Inputs.GetProperty("noise").GetString() switch
    {
        "loglinear" => new LogLinear(0),
        "cosine" => new Cosine(1, Epsilon: 0, Masked: 1e-3),
        "log" => new Logarithmic(),
        var other => throw new NotSupportedException($"no noise schedule called {other}"),
    };
}
