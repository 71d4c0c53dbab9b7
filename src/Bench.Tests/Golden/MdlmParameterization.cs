using Bench.Models;
using Bench.Noise;
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
                Close.Assert(Probabilities(golden), Substitution.LogProbabilities(logits, Xt(), mask).exp(), what: "p(x0)");
                return null;
            case "Diffusion._d3pm_parameterization":
                if (golden.Has("subs_masking"))
                    Close.Assert(Probabilities(golden), Substitution.AtMasked(logits, mask).exp(), what: "p(x0)");
                else
                    WithMassOnTheMask(golden, logits);
                return null;
            case "Diffusion._sedd_parameterization":
                PerToken("log_score", logits, (outputs, xt, sigma) =>
                {
                    ScoreOutput.Read(outputs, xt, ScoreOutput.Offset(sigma, outputs.Length - 1));
                    return Array.ConvertAll(outputs, Math.Log);
                });
                return null;
            case "Diffusion.get_score":
                PerToken("score", Substitution.LogProbabilities(logits, Xt(), mask).exp(), (law, xt, sigma) => Scores.OfPrediction(law.AsSpan(..^1), new Absorbing().At(sigma), (int)xt));
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
            double[] wanted = order.Of(GoldenCase.Real(golden.Expected.GetProperty(expected))).data<double>().ToArray();
            for (int i = 0; i < xt.Length; i++)
                Close.Assert(wanted.AsSpan(i * size, size), of(all[(i * size)..((i + 1) * size)], xt[i], sigma[i * sigma.Length / xt.Length]), what: $"{expected} at {i}");
        }
    }

    // The reconstruction of word v is −ln x_θ[v].
    private static void WithMassOnTheMask(GoldenCase golden, Tensor logits)
    {
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        var network = new FixedLogits(order.Of(logits));
        var problem = GivenNoise.Problem(size - 1, new Absorbing(), new LogLinear(0), length: (int)logits.size(1));
        var expected = order.Of(GoldenCase.Real(golden.Expected.GetProperty("log_probs")));
        for (int v = 0; v < size - 1; v++)
        {
            var words = new long[logits.size(0) * logits.size(1)];
            Array.Fill(words, v);
            var nats = new D3pm(problem).Reconstruction(network, GivenNoise.Batch(problem, words, words, new double[words.Length]), CPU);
            Close.Assert(expected.select(-1, v).flatten().data<double>().ToArray(), nats.neg(), what: $"ln p of word {v}");
        }
    }

    private static double[] Probabilities(GoldenCase golden) => Array.ConvertAll(GoldenCase.Numbers(golden.Expected.GetProperty("log_probs")), Math.Exp);
}
