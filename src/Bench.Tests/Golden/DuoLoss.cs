using Bench.Noise;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>MDLM's, SEDD's and the uniform-state bound once more, from a second public implementation.</summary>
public sealed class DuoLoss : IGoldenFamily
{
    public string Family => "duo_loss";

    public string? Check(GoldenCase golden)
    {
        int length = (int)GoldenCase.Shape(golden.Inputs.GetProperty("x0"))[1], size = golden.Count("vocab_size");
        var (words, process) = golden.Function == "DUO_BASE.nll_per_token" ? (size, (INoiseProcess)new Uniform()) : (golden.Count("mask_index"), new Absorbing());
        var problem = GivenNoise.Problem(words, process, new LogLinear(golden.Number("noise_eps")), length);
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("alpha_t")), [.. times.Select(t => problem.At(t).Keep)], what: "alpha");

        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0")), xt = GoldenCase.Integers(golden.Inputs.GetProperty("xt"));
        var network = new FixedLogits(GoldenCase.Real(golden.Inputs.GetProperty("logits")), maskId: words);
        var batch = GivenNoise.Batch(problem, x0, xt, GivenNoise.Repeated(times, length));
        double[] expected = GoldenCase.Numbers(golden.Expected.GetProperty("nll"));
        switch (golden.Function)
        {
            case "MDLM.nll_per_token":
                var masked = new MaskedNelbo(problem);
                double[] weights = [.. xt.Select((token, at) => token == words ? masked.Weight(batch.Snapshots[at / length], at % length) : 0)];
                Close.Assert(expected, CrossEntropy.Weighted(network, batch, weights, words, CPU), what: "masked NELBO");
                Close.Assert(expected, new Nelbo(problem, Continuous: true).Of(network, batch, CPU), what: "NELBO");
                return null;
            case "SEDDAbsorb.nll_per_token":
                Close.Assert(expected, new ScoreEntropy(problem, ScaledBySigma: true).Of(network, batch, CPU), what: "score entropy");
                return null;
            case "DUO_BASE.nll_per_token":
                Close.Assert(expected, new Nelbo(problem, Continuous: true).Of(network, batch, CPU), what: "NELBO");
                return null;
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }
}
