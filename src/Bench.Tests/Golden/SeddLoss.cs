using Bench.Noise;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>SEDD's loss for absorbing and uniform noise, from fixed log-scores.</summary>
public sealed class SeddLoss : IGoldenFamily
{
    public string Family => "sedd_loss";

    public string? Check(GoldenCase golden)
    {
        int words = golden.Count("num_tokens"), length = (int)GoldenCase.Shape(golden.Inputs.GetProperty("x0"))[1];
        INoiseProcess process = golden.Inputs.GetProperty("graph").GetString() == "absorb" ? new Absorbing() : new Uniform();
        var problem = GivenNoise.Problem(words, process, GivenNoise.Schedule(golden, 1e-3), length);
        bool drawn = golden.Inputs.TryGetProperty("draws", out var draws);
        double[] times = drawn
            ? [.. GoldenCase.Numbers(draws[0].GetProperty("values")).Select(u => ((1 - golden.Number("sampling_eps")) * u) + golden.Number("sampling_eps"))]
            : GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        long[] xt = GoldenCase.Integers((drawn ? golden.Expected : golden.Inputs).GetProperty("xt"));
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("sigma")), [.. times.Select(problem.Schedule.Sigma)], what: "sigma");

        var batch = GivenNoise.Batch(problem, GoldenCase.Integers(golden.Inputs.GetProperty("x0")), xt, GivenNoise.Repeated(times, length));
        var network = new FixedLogits(GoldenCase.Real(golden.Inputs.GetProperty("log_score")), maskId: words);
        var nats = new ScoreEntropy(problem, ScaledBySigma: false).Of(network, batch, CPU);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("loss")), nats.sum(-1), what: "loss");
        if (golden.Json.TryGetProperty("exact", out var exact))
            Close.Assert(GoldenCase.Numbers(exact.GetProperty("per_token")), nats, what: "per-token loss");
        return null;
    }
}
