using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>ReMDM's steps from fixed logits: the weights of each token's next state and what is drawn from them. Its capped and rescaled steps are ours.</summary>
public sealed class ReMdmSampler : IGoldenFamily
{
    public string Family => "remdm_sampler";

    public string? Check(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        double t = golden.Number("t");
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        double[][] laws = [.. GoldenCase.Numbers(golden.Inputs.GetProperty("logits")).Chunk(size).Select(Prediction)];
        bool flows = golden.Function == "Diffusion._dfm_caching_update";
        string kind = flows ? "dfm" : golden.Inputs.GetProperty("sampler").GetString()!;
        var odds = flows ? Flow(golden, t, x.Length) : Odds(golden, kind, t - golden.Number("dt"), t, x);

        // Without new masks, visible tokens stay whatever is drawn, and weights are not normalised.
        bool keeps = !flows && odds.All(each => each.Remasked == 0);
        string weights = keeps ? "probs_normalized" : "weights";
        double[][] expected = [.. GoldenCase.Numbers(golden.Expected.GetProperty(weights)).Chunk(size)];
        long[] next = GoldenCase.Integers(golden.Expected.GetProperty("x_next")), ours = new long[x.Length];
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        for (int i = 0; i < x.Length; i++)
        {
            double[] law = odds[i].Weigh(laws[i], x[i]);
            ours[i] = Race.OfSedd(draws).From(law);
            if (!keeps || x[i] == size - 1)
                Close.Assert(expected[i], law, what: $"{weights} at {i}");
        }

        draws.AssertSpent();
        Assert.Equal(next, ours);
        if (kind == "remdm-conf")
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("confidence")), Confidence(golden, x, next, laws), what: "confidence");
        return null;
    }

    private static ReleasedOdds[] Odds(GoldenCase golden, string kind, double s, double t, long[] x)
    {
        var process = new Absorbing();
        var schedule = new LogLinear(0);
        Marginal after = process.At(schedule.Sigma(s)), before = process.At(schedule.Sigma(t));
        double eta = golden.Number("eta"), alphaS = after.Keep, alphaT = before.Keep;
        if (kind == "remdm-conf")
        {
            int length = golden.Length("x");
            // They hold −c.
            return [.. GoldenCase.Numbers(golden.Inputs.GetProperty("confidence")).Chunk(length).SelectMany(row => ReleasedReMdm.Uncertain([.. row.Select(c => -c)], alphaS, alphaT))];
        }

        var odds = kind switch
        {
            "mdlm" => ReleasedOdds.Of(0, alphaS, alphaT),
            "forward-backward" => ReleasedReMdm.ForwardBackward(alphaS, alphaT),
            "remdm-cap" => Ours(new ReMdm(eta)),
            "remdm-rescale" => Ours(new ReMdmRescale(eta)),
            "remdm-loop" => ReleasedReMdm.Looped(eta, golden.Number("t_on"), golden.Number("t_off"), golden.Number("alpha_on"), s, t),
            _ => throw new NotSupportedException($"no sampler called {kind}"),
        };
        return [.. x.Select(_ => odds)];

        ReleasedOdds Ours(ITokenwise sampler)
        {
            var problem = new Denoising(new Vocabulary("golden", 5), process, schedule, Hyperschedule.Flat(1, 1), new BackboneView(Shifted: false, Attention.Full, Conditioning.Absent));
            Odds Of(long token) => sampler.OddsOf(new Moment(problem, Step: 0, token, after, before));
            return new(Of(0).Masked, Of(problem.Words.MaskId).Drawn);
        }
    }

    private static ReleasedOdds[] Flow(GoldenCase golden, double t, int count)
    {
        var (odds, next) = new FlowCorrector(golden.Count("steps")).From(t);
        Close.Assert(golden.Expected.GetProperty("next_t").GetDouble(), next, what: "next t");
        return [.. Enumerable.Repeat(odds, count)];
    }

    // −c of what was drawn just now, −∞ for masks; the others keep theirs.
    private static double[] Confidence(GoldenCase golden, long[] x, long[] next, double[][] laws)
    {
        double[] before = GoldenCase.Numbers(golden.Inputs.GetProperty("confidence"));
        int mask = golden.Count("mask_index");
        return [.. next.Select((y, i) => y == mask ? double.NegativeInfinity : x[i] == mask ? -laws[i][y] : before[i])];
    }

    private static double[] Prediction(double[] logits)
    {
        double total = logits[..^1].Sum(Math.Exp);
        return [.. logits[..^1].Select(logit => Math.Exp(logit) / total), 0];
    }
}
