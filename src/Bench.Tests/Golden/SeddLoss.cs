using Bench.Backbone;
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
        int tokenCount = golden.Count("num_tokens"), length = golden.Length("x0");
        bool absorbs = golden.Text("graph") == "absorb";
        golden.Only("graph", absorbs || golden.Text("graph") == "uniform", "absorb or uniform");
        var setup = GivenNoise.Setup(tokenCount, absorbs ? new Absorbing() : new Uniform(), GivenNoise.Schedule(golden, 1e-3), length);
        var graph = new Graph(setup.Process, tokenCount, HasMask: absorbs);
        bool drawn = golden.Inputs.TryGetProperty("draws", out _);
        GoldenDraw[] draws = GoldenDraw.All(golden, drawn ? "draws" : "draws_for_xt");
        double[] times = drawn
            ? [.. draws[0].Uniforms().Select(u => ((1 - golden.Number("sampling_eps")) * u) + golden.Number("sampling_eps"))]
            : GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        double[] sigma = [.. times.Select(setup.Schedule.Sigma)];
        golden.Expected.Match("sigma", sigma);
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0")), xt = graph.Sample(x0, sigma, drawn ? draws[1..] : draws);
        if (drawn)
            golden.Expected.Match("xt", xt);
        else
            golden.Only("xt", xt.SequenceEqual(GoldenCase.Integers(golden.Inputs.GetProperty("xt"))), "what the draws lead to");

        var network = new FixedLogits(GoldenCase.Real(golden.Inputs.GetProperty("log_score")), maskId: tokenCount);
        var nats = new ScoreEntropy(setup, ScaledBySigma: false)
            .Of(network, GivenNoise.Batch(setup, x0, xt, GivenNoise.Repeated(times, length)), CPU);
        golden.Expected.Match("loss", nats.sum(-1));
        foreach (string name in golden.Expected.Names.Where(name => name is "per_token" or "dsigma"))
        {
            if (name == "dsigma")
                golden.Expected.Match(name, [.. times.Select(setup.Schedule.Rate)]);
            else
                golden.Expected.Match(name, nats);
        }

        if (golden.HasExact)
            golden.Exact.Match("per_token", nats);
        return null;
    }
}
