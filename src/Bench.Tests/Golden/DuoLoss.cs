using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
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
        var (tokenCount, process) = golden.Function == "DUO_BASE.nll_per_token" ? (size, (INoiseProcess)new Uniform())
            : (size - 1, new Absorbing());
        var order = new MaskLast(size, tokenCount == size ? size - 1 : golden.Count("mask_index")); // uniform noise has no mask
        var setup = GivenNoise.Setup(tokenCount, process, new LogLinear(golden.Number("noise_eps")), length);
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        golden.Expected.Match("alpha_t", [.. times.Select(t => setup.At(t).Keep)], what: "alpha");

        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0"))),
            xt = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("xt")));
        var network = new FixedLogits(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))), maskId: tokenCount);
        var batch = GivenNoise.Batch(setup, x0, xt, GivenNoise.Repeated(times, length));
        // α falls at this rate, which is −σ' α.
        golden.Expected.Match("dalpha_t", [.. times.Select(t => -setup.Schedule.Rate(t) * setup.At(t).Keep)]);
        switch (golden.Function)
        {
            case "MDLM.nll_per_token":
                var masked = new MaskedNelbo(setup);
                double[] weights =
                    [.. xt.Select((token, at) => token == tokenCount ? masked.Weight(batch.LevelDraws[at / length], at % length) : 0)];
                golden.Expected.Match("nll", CrossEntropy.Weighted(network, batch, weights, tokenCount, CPU), what: "masked NELBO");
                golden.Expected.Match("nll", new Nelbo(setup, Continuous: true).Of(network, batch, CPU), what: "NELBO");
                return null;
            case "SEDDAbsorb.nll_per_token":
                golden.Expected.Match("nll", new ScoreEntropy(setup, ScaledBySigma: true).Of(network, batch, CPU), what: "score entropy");
                return null;
            case "DUO_BASE.nll_per_token":
                golden.Expected.Match("nll", new Nelbo(setup, Continuous: true).Of(network, batch, CPU), what: "NELBO");
                return null;
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }
}
