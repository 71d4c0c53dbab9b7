using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Sampling;
using Bench.Sampling;

namespace Bench.Tests.Golden;

/// <summary>
/// GIDD's steps, whose distributions are ours, and its runs, which start and end beside the grid; and the masked diffusion beside it.
/// </summary>
public sealed class GiddSampler : IGoldenFamily
{
    // Its share of uniform tokens is never quite zero.
    private static readonly double Floor = Math.Exp(-20);

    public string Family => "gidd_sampler";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Function)
        {
            case "GiddSampler.DenoisingStep.forward":
                Step(golden);
                return null;
            case "MDLMSampler.DenoisingStep.forward":
                Masked(golden);
                return null;
            case "sample_categorical":
                double[] draws = GoldenDraw.All(golden).Single().Uniforms();
                var probabilities = golden.Inputs.GetProperty("probs");
                double[][] distributions = [.. probabilities.Numbers().Chunk((int)probabilities.Shape()[^1])];
                var inversion = new Inversion(new RecordedDraws(draws));
                golden.Expected.Match("z", distributions.Select(distribution => (long)inversion.From(distribution)));
                golden.Expected.Match("z", distributions.Zip(draws, (distribution, u) => (long)Categorical.Draw(distribution, u)));
                return null;
            default:
                Run(golden);
                return null;
        }
    }

    private static void Step(GoldenCase golden)
    {
        var order = Order(golden);
        var sampler = new ReleasedGiddSampler(Process(golden), Steps: 1) { Least = golden.Number("min_p") };
        double s = golden.Number("s"), t = golden.Number("t");
        long[] z = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("z_t")));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(new Inversion(draws));
        var ours = new MaskLastPick(pick, order);
        long[] next = [.. Logits(golden, order).Zip(z, (logits, zt) => (long)ours.From(sampler.Distribution(logits, zt, s, t)))];
        draws.AssertSpent();
        golden.Expected.Match("z_next", order.Back(next));
        pick.AssertWeights(golden.Expected, "probs");
    }

    // Our ancestral step; the last one takes the most probable token.
    private static void Masked(GoldenCase golden)
    {
        var order = Order(golden);
        int size = golden.Count("vocab_size");
        var (schedule, process) = (new LogLinear(golden.Number("eps")), new Absorbing());
        Marginal s = process.At(schedule.Sigma(golden.Number("s"))), t = process.At(schedule.Sigma(golden.Number("t")));
        bool last = golden.Count("step_index") == 0;
        double stays = last ? 0 : Posterior.Of(s, t, process.Chain, masked: true, unchanged: false, size - 1).Mask;
        long[] z = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("z_t"))), next = new long[z.Length];
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(last ? new Inversion(new RecordedDraws([.. z.Select(_ => 0.5)])) : new Inversion(draws));
        var ours = new MaskLastPick(pick, order);
        foreach (var (i, logits) in Logits(golden, order).Index())
        {
            double total = logits[..^1].Sum(Math.Exp);
            double[] distribution = [.. logits[..^1].Select(logit => Math.Exp(logit) / total), 0];
            new DecodingOptions(GreedyTail: true).Apply(distribution, settles: last);
            distribution = [.. distribution[..^1].Select(p => p * (1 - stays)), stays];
            long drawn = ours.From(distribution); // they draw for visible tokens, too, and then throw it away
            next[i] = z[i] == size - 1 ? drawn : z[i];
        }

        draws.AssertSpent();
        golden.Expected.Match("z_next", order.Back(next));
        if (last)
            golden.Expected.MatchNothing("probs"); // nothing is drawn
        else
            pick.AssertWeights(golden.Expected, "probs");
    }

    private static void Run(GoldenCase golden)
    {
        var order = Order(golden);
        var sampler = new ReleasedGiddSampler(Process(golden), golden.Count("steps"), golden.Number("t_eps"));
        var network = new RecordedNetwork(golden.Inputs.GetProperty("logits_per_call"), order);
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(new Inversion(draws));
        long[][] z = GoldenTokens.Masks(golden, golden.Count("batch"), golden.Count("length"), golden.Count("vocab_size") - 1);
        sampler.Run(network.Answer, z, new MaskLastPick(pick, order));

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected, "z_at_each_call");
        golden.Expected.Match("t_at_each_call", [.. Enumerable.Range(1, sampler.Steps).Select(i => sampler.At(sampler.Steps - i))]);
        pick.AssertWeights(golden.Expected, "probs_at_each_call");
        golden.Expected.Match("z_final", Array.ConvertAll(z, order.Back));
    }

    private static Gidd Process(GoldenCase golden) => new(Math.Max(Floor, golden.Number("p_uniform")), golden.Number("gamma"));

    private static MaskLast Order(GoldenCase golden) => new(golden.Count("vocab_size"), golden.Count("mask_index"));

    private static double[][] Logits(GoldenCase golden, MaskLast order) =>
        [.. GoldenCase.Numbers(golden.Inputs.GetProperty("logits")).Chunk(golden.Count("vocab_size")).Select(order.Of)];
}
