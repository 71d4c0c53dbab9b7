using Bench.Backbone;
using Bench.Noise;
using Bench.Reference.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Tests.Golden;

/// <summary>
/// SEDD's analytic, Euler and denoising steps from fixed log-scores, their weights and what is drawn from them; and whole runs.
/// </summary>
public sealed class SeddSampler : IGoldenFamily
{
    public string Family => "sedd_sampler";

    public string? Check(GoldenCase golden)
    {
        int tokenCount = golden.Count("num_tokens");
        bool absorbs = golden.Text("graph") == "absorb";
        golden.Only("graph", absorbs || golden.Text("graph") == "uniform", "absorb or uniform");
        var setup = GivenNoise.Setup(tokenCount, absorbs ? new Absorbing() : new Uniform(), GivenNoise.Schedule(golden, 1e-3), length: 1);
        if (golden.Function == "get_pc_sampler.pc_sampler")
            Run(golden, setup);
        else
            Step(golden, setup);
        return null;
    }

    private static void Step(GoldenCase golden, DiffusionSetup setup)
    {
        bool settles = golden.Function == "Denoiser.update_fn", masks = setup.Start.Mask > 0;
        double now = golden.Number("t"), next = settles ? 0 : now - golden.Number("step_size");
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        int tokenCount = setup.Vocabulary.TokenCount, states = masks ? tokenCount + 1 : tokenCount;
        double[] outputs = GoldenCase.Numbers(golden.Inputs.GetProperty("log_score"));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfSedd(draws));
        bool euler = golden.Function == "EulerPredictor.update_fn";
        long[] drawn = [.. x.Select((xt, i) =>
        {
            double[] distribution = [.. outputs[(i * states)..((i + 1) * states)], .. new double[tokenCount + 1 - states]];
            if (euler)
                new Euler(ScaledBySigma: false).Weigh(setup, distribution, xt, now, next);
            else
                new Analytic(ScaledBySigma: false).Weigh(setup, distribution, xt, now, next);
            return (long)pick.From(distribution.AsSpan(0, settles ? tokenCount : states)); // in the end there is no mask
        })];
        draws.AssertSpent();
        pick.AssertWeights(golden.Expected, "weights");
        pick.AssertShares(golden.Expected, "probs_normalized", settles ? tokenCount : states);
        golden.Expected.Match("x_next", drawn);
        if (golden.Expected.Has("dsigma"))
            golden.Expected.MatchAll("dsigma", setup.Schedule.Sigma(now) - (settles ? 0 : setup.Schedule.Sigma(next)));
        if (golden.HasExact)
            pick.AssertWeights(golden.Exact, "weights");
    }

    // All positions are at one time, whatever the length of the problem.
    private static void Run(GoldenCase golden, DiffusionSetup setup)
    {
        golden.Only("predictor", golden.Text("predictor") == "analytic", "analytic: the sampler of the public code that this suite has");
        golden.Only("denoise", golden.Has("denoise"), "true: the sampler removes what noise is left");
        var network = new RecordedNetwork(golden.Inputs.GetProperty("log_score_per_call"));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        long[][] x = GoldenTokens.Masks(golden, golden.Count("batch"), golden.Count("length"), setup.Vocabulary.MaskId);
        new ReleasedScoreSampler(setup, new ReleasedGrid(golden.Count("steps"), golden.Number("eps"))).Run(
            network.Answer, x, Race.OfSedd(draws));

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected, "x_at_each_call");
        golden.Expected.Match("x_final", x);
        network.AssertReported(golden.Expected, "sigma_at_each_call", golden.Count("length"));
    }
}
