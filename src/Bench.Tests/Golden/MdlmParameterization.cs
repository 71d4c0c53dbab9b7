using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>SUBS, and scores from it or from a network.</summary>
public sealed class MdlmParameterization : IGoldenFamily
{
    public string Family => "mdlm_parameterization";

    public string? Check(GoldenCase golden)
    {
        var logits = GoldenCase.Real(golden.Inputs.GetProperty("logits"));
        long mask = golden.Count("mask_index");
        Tensor Xt() => GoldenCase.Whole(golden.Inputs.GetProperty("xt"));
        switch (golden.Function)
        {
            case "Diffusion._subs_parameterization":
                // Where the public code writes −10⁶, the probability is zero, and so is ours.
                golden.Expected.Match("log_probs", Subs.LogProbabilities(logits, Xt(), mask).exp(), of: Math.Exp);
                CheckSize(golden, logits);
                return null;
            case "Diffusion._d3pm_parameterization":
                if (golden.Has("subs_masking"))
                    golden.Expected.Match("log_probs", Subs.AtMasked(logits, mask).exp(), of: Math.Exp);
                else
                    WithMassOnTheMask(golden, logits);
                CheckSize(golden, logits);
                return null;
            case "Diffusion._sedd_parameterization":
                PerToken("log_score", logits, (outputs, xt, sigma) =>
                {
                    ScoreOutput.Read(outputs, xt, ScoreOutput.Offset(sigma, outputs.Length - 1));
                    return Array.ConvertAll(outputs, Math.Log);
                });
                return null;
            case "Diffusion.get_score":
                PerToken("score", Subs.LogProbabilities(logits, Xt(), mask).exp(),
                    (distribution, xt, sigma) => Scores.OfPrediction(distribution.AsSpan(..^1), new Absorbing().At(sigma), (int)xt));
                return null;
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }

        // One function of the numbers of a position, its token and σ, in a vocabulary whose mask stands last.
        void PerToken(string expected, Tensor values, Func<double[], long, double, double[]> of)
        {
            int size = golden.Count("vocab_size");
            var order = new MaskLast(size, (int)mask);
            long[] xt = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("xt")));
            double[] sigma = GoldenCase.Numbers(golden.Inputs.GetProperty("sigma")), all = order.Of(values).data<double>().ToArray();
            golden.Expected.Match(expected,
                [.. xt.SelectMany((token, i) =>
                order.Back(of(all[(i * size)..((i + 1) * size)], token, sigma[i * sigma.Length / xt.Length])))]);
        }
    }

    private static void CheckSize(GoldenCase golden, Tensor logits) =>
        golden.Only("vocab_size", logits.size(-1), "the vocabulary of the logits");

    // The reconstruction of token v is −ln x_θ[v].
    private static void WithMassOnTheMask(GoldenCase golden, Tensor logits)
    {
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        var network = new FixedLogits(order.Of(logits));
        var setup = GivenNoise.Setup(size - 1, new Absorbing(), new LogLinear(0), length: (int)logits.size(1));
        int mask = golden.Count("mask_index");
        for (int v = 0; v < size - 1; v++)
        {
            var tokens = new long[logits.size(0) * logits.size(1)];
            Array.Fill(tokens, v);
            var nats = new D3pm(setup).Reconstruction(network, GivenNoise.Batch(setup, tokens, tokens, new double[tokens.Length]), CPU);
            int entry = v < mask ? v : v + 1;
            golden.Expected.Match("log_probs", nats.neg().unsqueeze(-1).expand(-1, -1, size), what: $"ln p of token {v}", where: at =>
                at % size == entry);
        }
    }
}
