using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Sampling;
using Bench.Sampling;
using Bench.Sampling.Samplers;

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
        var order = Order(golden);
        long[][] x = [.. GoldenTokens.Rows(golden.Inputs.GetProperty("x")).Select(order.Of)];
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfSedd(draws));
        var sampler = Sampler(golden, steps: 1);
        double[][][] logits = [.. golden.Inputs.GetProperty("logits").EnumerateArray()
            .Select(rows => rows.EnumerateArray().Select(row => order.Of(row.Numbers())).ToArray())];
        int begin = x[0].Length - sampler.Width;
        double stays = 0;
        if (!sampler.FirstHitting)
        {
            var noise = Bd3lmSchedule.Of(golden.Text("noise"));
            double t = golden.Number("t");
            stays = noise.Moved(t - golden.Number("dt")) / noise.Moved(t);
        }

        bool changed = sampler.Take(x, begin, sampler.Predict(logits, x, begin), stays, draws, new MaskLastPick(pick, order));
        draws.AssertSpent();
        pick.AssertWeights(golden.Expected, "weights");
        golden.Expected.Match("x_next", Array.ConvertAll(x, order.Back));
        golden.Expected.Match("cache_kept", changed ? 0 : 1);
    }

    private static void Nucleus(GoldenCase golden)
    {
        var probabilities = golden.Inputs.GetProperty("probs");
        double[] ours = GoldenCase.Numbers(probabilities);
        int size = (int)GoldenCase.Shape(probabilities)[^1];
        for (int at = 0; at < ours.Length; at += size)
            new DecodingOptions(TopP: golden.Number("p"), Boundary: TopPBoundary.Dropped).Apply(ours.AsSpan(at, size), settles: false);
        golden.Expected.Match("probs", ours, what: "nucleus");
    }

    private static void Run(GoldenCase golden)
    {
        var order = Order(golden);
        int mask = golden.Count("vocab_size") - 1;
        var network = new RecordedNetwork(golden.Inputs.GetProperty("logits_per_call"), order);
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfSedd(draws));
        long[][] x = GoldenTokens.Masks(golden, batch: 1, golden.Count("length"), mask);
        x[0][0] = order.Of([(long)golden.Count("bos")])[0];
        Sampler(golden, golden.Count("num_steps")).Run(network.Answer, x, mask, draws, new MaskLastPick(pick, order));

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected, "x_at_each_call");
        golden.Expected.Match("network_calls", network.Calls);
        pick.AssertWeights(golden.Expected, "weights_at_each_draw");
        golden.Expected.Match("x_final", Array.ConvertAll(x, order.Back));
    }

    private static void Scores(GoldenCase golden)
    {
        golden.Only("parameterization", golden.Text("parameterization") == "sedd", "sedd: the step is one of scores");
        int size = golden.Count("vocab_size");
        var order = Order(golden);
        bool settles = golden.Function == "Diffusion._denoiser_update";
        var setup = GivenNoise.Setup(size - 1, new Absorbing(), Bd3lmSchedule.Of(golden.Text("noise")).Schedule, length: 1);
        double t = golden.Number("t"), next = settles ? 0 : t - golden.Number("dt");
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfSedd(draws));
        var ours = new MaskLastPick(pick, order);
        double[][] outputs = [.. GoldenCase.Numbers(golden.Inputs.GetProperty("logits")).Chunk(size).Select(order.Of)];
        long[] drawn = [.. x.Select((xt, i) =>
        {
            new Analytic(ScaledBySigma: true).Weigh(setup, outputs[i], xt, t, next);
            if (settles)
                outputs[i][^1] = 0; // at the end no mask is left
            return (long)ours.From(outputs[i]);
        })];
        draws.AssertSpent();
        pick.AssertWeights(golden.Expected, "weights");
        golden.Expected.Match("x_next", order.Back(drawn));
    }

    private static ReleasedBlocks Sampler(GoldenCase golden, int steps) =>
        new(golden.Count("block_size"), steps, golden.Has("first_hitting"),
            new LogLinear(0)) { Choice = new(TopP: golden.Number("nucleus_p"), Boundary: TopPBoundary.Dropped) };

    private static MaskLast Order(GoldenCase golden) => new(golden.Count("vocab_size"), golden.Count("mask_index"));
}
