using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Tests.Golden;

/// <summary>
/// HDLM's γ-hybrid sampler: single steps, ours against the exact weights and the released one against the public code's, and whole runs of
/// the latter.
/// </summary>
public sealed class HdlmGammaSampler : IGoldenFamily
{
    public string Family => "hdlm_gamma_sampler";

    public string? Check(GoldenCase golden)
    {
        double gamma = golden.Inputs.GetProperty("gamma").NumberOrNull() ?? 0;
        bool absorbs = golden.Text("graph") == "Absorb";
        golden.Only("graph", absorbs || golden.Text("graph") == "QGamma", "Absorb or QGamma");
        golden.Only("gamma", !absorbs || gamma == 0, "null or 0 where noise only masks");
        if (golden.Function == "AnalyticPredictor.update_fn")
            Step(golden, gamma);
        else
            Run(golden, gamma);
        return null;
    }

    private static void Step(GoldenCase golden, double gamma)
    {
        double[] Inputs(string name) => GoldenCase.Numbers(golden.Inputs.GetProperty(name));
        var schedule = GivenNoise.Schedule(golden, 5e-3);
        int tokenCount = golden.Count("num_tokens");
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        double[] t = Inputs("t"), lengths = Inputs("step_size"), finishing = Inputs("tokens_to_denoise"), active = Inputs("active_mask");
        double[][] logScores = [.. Inputs("log_score").Chunk(tokenCount + 1)], exact = new double[x.Length][];
        double[] deltas = [.. t.Select((time, i) => schedule.Sigma(time) - schedule.Sigma(time - lengths[i]))];
        golden.Expected.Match("dsigma", deltas, what: "dsigma");

        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfHdlm(draws));
        var next = new long[x.Length];
        bool Compared(int i) => !(gamma == 1 && x[i] == tokenCount); // uniform noise has no masks, and we no distribution for them
        for (int i = 0; i < x.Length; i++)
        {
            int drawn = pick.From(new ReleasedAnalytic(gamma).Weigh(logScores[i], x[i], deltas[i], finishing[i] != 0));
            next[i] = active[i] != 0 ? drawn : x[i];

            exact[i] = Compared(i) ? Exact(logScores[i], x[i], new GammaHybrid(gamma), schedule.Sigma(t[i]), deltas[i])
                : new double[tokenCount + 1];
            if (finishing[i] != 0)
                exact[i][tokenCount] = 0;
        }

        draws.AssertSpent();
        golden.Expected.Match("x_next", next);
        // Ours are the same up to a factor.
        golden.Exact.MatchShares("weights", exact, Compared);
        pick.AssertWeights(golden.Expected, "weights");
    }

    // Masked, Tweedie takes the noisy distribution of tokens, which is the scores times the ratio of mask to tokens.
    private static double[] Exact(double[] logScores, long xt, GammaHybrid process, double sigma, double delta)
    {
        var (s, t) = (process.At(sigma - delta), process.At(sigma));
        double[] distribution =
            [.. logScores.Select((score, y) => (y == xt ? 1 : Math.Exp(score)) * (xt == logScores.Length - 1 ? t.Mask / (1 - t.Mask) : 1))];
        Tweedie.Weigh(distribution, xt, s, t);
        return distribution;
    }

    private static void Run(GoldenCase golden, double gamma)
    {
        var path = Windows.Of(golden);
        var network = new RecordedNetwork(golden.Inputs.GetProperty("log_score_per_call"));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(Race.OfHdlm(draws));
        var sampler =
            new ReleasedPredictor(
                new ReleasedAnalytic(gamma), GivenNoise.Schedule(golden, 5e-3), path, GoldenMask.Context(golden), GoldenMask.Block(golden),
                path.Width)
        {
            Grows = golden.Function.StartsWith("sampling_sar", StringComparison.Ordinal),
            Floor = golden.Number("eps"),
        };
        long[][] x = sampler.Start(golden.Count("batch"), golden.Count("length"), golden.Count("num_tokens"), draws);
        sampler.Run(network.Answer, x, pick);

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected, "x_at_each_call");
        network.AssertReported(golden.Expected, "sigma_at_each_call");
        network.AssertBlocked(golden.Expected, "attn_mask_at_each_call");
        pick.AssertWeights(golden.Expected, "weights_at_each_call");
        golden.Expected.Match("x_final", x);
    }
}
