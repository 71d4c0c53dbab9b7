using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Sampling;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Tests.Golden;

/// <summary>
/// ReMDM's steps from fixed logits: the weights of each token's next state and what is drawn from them. Its capped and rescaled steps are
/// ours.
/// </summary>
public sealed class ReMdmSampler : IGoldenFamily
{
    public string Family => "remdm_sampler";

    public string? Check(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        double t = golden.Number("t");
        long[] x = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x")));
        bool flows = golden.Function == "Diffusion._dfm_caching_update";
        var decoding = flows ? DecodingOptions.AsPredicted
            : new DecodingOptions(TopP: golden.Number("nucleus_p"), Boundary: TopPBoundary.Dropped);
        double[][] predictions = [.. GoldenCase.Numbers(golden.Inputs.GetProperty("logits")).Chunk(size)
            .Select(logits => Prediction(order.Of(logits), decoding))];
        string kind = flows ? "dfm" : golden.Text("sampler");
        var moves = flows ? Flow(golden, t, x.Length) : Moves(golden, kind, t - golden.Number("dt"), t, x);

        // Without new masks, visible tokens stay whatever is drawn, and weights are not normalised.
        bool keeps = !flows && moves.All(each => each.Remasked == 0);
        double[][] distributions = [.. x.Select((token, i) => moves[i].Weigh(predictions[i], token))];
        double[][] theirs = Array.ConvertAll(distributions, order.Back);
        if (keeps)
            golden.Expected.MatchShares("weights", theirs, where: i => x[i] == size - 1);
        else
            golden.Expected.Match("weights", [.. theirs.SelectMany(distribution => distribution)]);
        if (!flows)
            golden.Expected.Match("probs_normalized",
                [.. theirs.SelectMany(distribution => Array.ConvertAll(distribution, weight => weight / distribution.Sum()))],
                where: at => !keeps || x[at / size] == size - 1);

        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new MaskLastPick(Race.OfSedd(draws), order);
        long[] next = Array.ConvertAll(distributions, distribution => (long)pick.From(distribution));
        draws.AssertSpent();
        golden.Expected.Match("x_next", order.Back(next));
        if (kind == "remdm-conf")
            golden.Expected.Match("confidence", Confidence(golden, x, next, predictions, size - 1));
        return null;
    }

    private static ReleasedMoveProbabilities[] Moves(GoldenCase golden, string kind, double s, double t, long[] x)
    {
        var process = new Absorbing();
        var schedule = new LogLinear(0);
        Marginal after = process.At(schedule.Sigma(s)), before = process.At(schedule.Sigma(t));
        double alphaS = after.Keep, alphaT = before.Keep;
        if (kind == "remdm-conf")
        {
            int length = golden.Length("x");
            // They hold −c.
            return [.. GoldenCase.Numbers(golden.Inputs.GetProperty("confidence")).Chunk(length)
                .SelectMany(row => ReleasedReMdm.Uncertain([.. row.Select(c => -c)], alphaS, alphaT))];
        }

        double Eta() => golden.Number("eta");
        var moves = kind switch
        {
            "mdlm" => ReleasedMoveProbabilities.Of(0, alphaS, alphaT),
            "forward-backward" => ReleasedReMdm.ForwardBackward(alphaS, alphaT),
            "remdm-cap" => Ours(new ReMdm(Eta())),
            "remdm-rescale" => Ours(new ReMdmRescale(Eta())),
            "remdm-loop" => ReleasedReMdm.Looped(Eta(), golden.Number("t_on"), golden.Number("t_off"), golden.Number("alpha_on"), s, t),
            _ => throw new NotSupportedException($"no sampler called {kind}"),
        };
        return [.. x.Select(_ => moves)];

        ReleasedMoveProbabilities Ours(ITokenwise sampler)
        {
            var setup = new DiffusionSetup(
                new Vocabulary("golden", 5), process, schedule, Hyperschedule.Flat(1, 1),
                new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Absent));
            MoveProbabilities Of(long token) => sampler.ProbabilitiesOf(new TokenState(setup, Step: 0, token, after, before));
            return new(Of(0).Masked, Of(setup.Vocabulary.MaskId).Drawn);
        }
    }

    private static ReleasedMoveProbabilities[] Flow(GoldenCase golden, double t, int count)
    {
        var (moves, next) = new FlowCorrector(golden.Count("steps")).From(t);
        golden.Expected.Match("next_t", next);
        return [.. Enumerable.Repeat(moves, count)];
    }

    // −c of what was drawn just now, −∞ for masks; the others keep theirs.
    private static double[] Confidence(GoldenCase golden, long[] x, long[] next, double[][] predictions, long mask)
    {
        double[] before = GoldenCase.Numbers(golden.Inputs.GetProperty("confidence"));
        return [.. next.Select((y, i) => y == mask ? double.NegativeInfinity : x[i] == mask ? -predictions[i][y] : before[i])];
    }

    private static double[] Prediction(double[] logits, DecodingOptions decoding)
    {
        double total = logits[..^1].Sum(Math.Exp);
        double[] distribution = [.. logits[..^1].Select(logit => Math.Exp(logit) / total), 0];
        decoding.Apply(distribution, settles: false);
        return distribution;
    }
}
