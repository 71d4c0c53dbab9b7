using Bench.Models;
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
        Tensor Sigma() => GoldenCase.Real(golden.Inputs.GetProperty("sigma"));
        switch (golden.Function)
        {
            case "Diffusion._subs_parameterization":
                // Where the public code writes −10⁶, the probability is zero, and so is ours.
                Close.Assert(Probabilities(golden), Substitution.LogProbabilities(logits, Xt(), mask).exp(), what: "p(x0)");
                return null;
            case "Diffusion._d3pm_parameterization":
                if (!golden.Has("subs_masking"))
                    return "its objective, d3pm, is not in the method table";
                Close.Assert(Probabilities(golden), Substitution.AtMasked(logits, mask).exp(), what: "p(x0)");
                return null;
            case "Diffusion._sedd_parameterization":
                Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("log_score")), Scores.ScaledBySigma(logits, Xt(), Sigma()), what: "ln s");
                return null;
            case "Diffusion.get_score":
                var score = Scores.FromSubstitution(Substitution.LogProbabilities(logits, Xt(), mask), Xt(), Sigma(), mask);
                Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("score")), score, what: "s");
                return null;
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }

    private static double[] Probabilities(GoldenCase golden) => Array.ConvertAll(GoldenCase.Numbers(golden.Expected.GetProperty("log_probs")), Math.Exp);
}
