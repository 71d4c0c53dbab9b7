using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>GIDD's steps, whose laws are ours, and its runs, which start and end beside the grid; and the masked diffusion beside it.</summary>
public sealed class GiddSampler : IGoldenFamily
{
    // Its share of uniform words is never quite zero.
    private static readonly double Floor = Math.Exp(-20);

    public string Family => "gidd_sampler";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Function)
        {
            case "GiddSampler.DenoisingStep.forward":
                var sampler = new ReleasedGiddSampler(Process(golden), Steps: 1) { Least = golden.Number("min_p") };
                Step(golden, (logits, zt) => sampler.Law(logits, zt, golden.Number("s"), golden.Number("t")));
                return null;
            case "MDLMSampler.DenoisingStep.forward":
                Masked(golden);
                return null;
            case "sample_categorical":
                var inversion = new Inversion(new RecordedDraws(golden.Inputs.GetProperty("draws")));
                double[] draws = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[0].GetProperty("values"));
                long[] expected = GoldenCase.Integers(golden.Expected.GetProperty("z"));
                double[][] laws = Rows(golden, "probs");
                Assert.Equal(expected, laws.Select(law => (long)inversion.From(law)));
                Assert.Equal(expected, laws.Zip(draws, (law, u) => (long)Categorical.Draw(law, u)));
                return null;
            default:
                Run(golden);
                return null;
        }
    }

    private static void Step(GoldenCase golden, Func<double[], long, double[]> law)
    {
        long[] z = GoldenCase.Integers(golden.Inputs.GetProperty("z_t"));
        var pick = new RecordedPick(new Inversion(new RecordedDraws(golden.Inputs.GetProperty("draws"))));
        Assert.Equal(GoldenCase.Integers(golden.Expected.GetProperty("z_next")), Rows(golden, "logits").Zip(z, (logits, zt) => (long)pick.From(law(logits, zt))));
        pick.AssertWeights(golden.Expected.GetProperty("probs"));
    }

    // Our ancestral step; the last one takes the most probable word.
    private static void Masked(GoldenCase golden)
    {
        var (schedule, process) = (new LogLinear(golden.Number("eps")), new Absorbing());
        Marginal s = process.At(schedule.Sigma(golden.Number("s"))), t = process.At(schedule.Sigma(golden.Number("t")));
        bool last = golden.Count("step_index") == 0;
        double stays = last ? 0 : Posterior.Of(s, t, process.Chain, masked: true, unchanged: false, golden.Count("vocab_size") - 1).Mask;
        long[] z = GoldenCase.Integers(golden.Inputs.GetProperty("z_t")), expected = GoldenCase.Integers(golden.Expected.GetProperty("z_next"));
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        double[][]? laws = last ? null : [.. GoldenCase.Numbers(golden.Expected.GetProperty("probs")).Chunk(golden.Count("vocab_size"))];
        foreach (var (i, logits) in Rows(golden, "logits").Index())
        {
            double u = last ? 0.5 : draws.Uniform(), total = logits[..^1].Sum(Math.Exp);
            double[] law = [.. logits[..^1].Select(logit => Math.Exp(logit) / total), 0];
            new Choice(GreedyTail: true).Apply(law, settles: last);
            law = [.. law[..^1].Select(p => p * (1 - stays)), stays];
            if (laws is not null)
                Close.Assert(laws[i], law, what: $"law at {i}"); // they compute it for visible tokens, too, and then throw it away
            Assert.Equal(expected[i], z[i] == law.Length - 1 ? Categorical.Draw(law, u) : z[i]);
        }
    }

    private static void Run(GoldenCase golden)
    {
        var sampler = new ReleasedGiddSampler(Process(golden), golden.Count("steps"), golden.Number("t_eps"));
        var network = new RecordedNetwork(golden.Inputs.GetProperty("logits_per_call"));
        var draws = new RecordedDraws(golden.Inputs.GetProperty("draws"));
        var pick = new RecordedPick(new Inversion(draws));
        long[][] z = GoldenTokens.Masks(golden, golden.Count("batch"), golden.Count("length"), golden.Count("mask_index"));
        sampler.Run(network.Answer, z, pick);

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected.GetProperty("z_at_each_call"));
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("t_at_each_call")), [.. Enumerable.Range(1, sampler.Steps).Select(i => sampler.At(sampler.Steps - i))], what: "t");
        pick.AssertWeights(golden.Expected.GetProperty("probs_at_each_call"));
        GoldenTokens.Assert(golden.Expected.GetProperty("z_final"), z);
    }

    private static Gidd Process(GoldenCase golden) => new(Math.Max(Floor, golden.Number("p_uniform")), golden.Number("gamma"));

    private static double[][] Rows(GoldenCase golden, string input)
    {
        var given = golden.Inputs.GetProperty(input);
        return [.. GoldenCase.Numbers(given).Chunk((int)GoldenCase.Shape(given)[^1])];
    }
}
