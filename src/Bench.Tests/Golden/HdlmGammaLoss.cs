using Bench.Noise;
using Bench.Objectives.Released;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>HDLM's γ-hybrid objective as its public code computes it, at the noise levels that its schedules gave.</summary>
public sealed class HdlmGammaLoss : IGoldenFamily
{
    public string Family => "hdlm_gamma_loss";

    public string? Check(GoldenCase golden)
    {
        if (golden.Expected.TryGetProperty("raises", out _))
            return "the public code fails here";
        int words = golden.Count("num_tokens"), length = (int)GoldenCase.Shape(golden.Inputs.GetProperty("x0"))[1];
        var schedule = GivenNoise.Schedule(golden, 5e-3);
        double gamma = golden.Inputs.GetProperty("gamma") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetDouble() : 0;
        var problem = GivenNoise.Problem(words, new Absorbing(), schedule, length); // the released rule knows its noise by γ and σ alone

        double[] sigma = GoldenCase.Numbers(golden.Expected.GetProperty("sigma"));
        double[] times = [.. sigma.Select(value => Time(schedule, value))];
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0")), xt = GoldenCase.Integers(golden.Expected.GetProperty("perturbed"));
        var logScores = GoldenCase.Real(golden.Inputs.GetProperty("log_score"));
        var nats = new ReleasedScoreEntropy(problem, gamma, ScaledBySigma: false).Of(new FixedLogits(logScores), GivenNoise.Batch(problem, x0, xt, times), CPU);

        // What settled and waiting tokens count: they stand at the ends of the time range. A doubled pass counts its noisy half.
        double end = golden.Number("sampling_eps");
        bool doubled = golden.Has("efficient");
        bool Settled(int i) => doubled ? i % length < length / 2 : Math.Abs(times[i] - end) < 1e-9;
        double[] weights = [.. times.Select((t, i) => Settled(i) ? 0 : !doubled && Math.Abs(t - (1 - end)) < 1e-9 ? 0.001 : 1)];
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("diffusion_loss")), (nats * tensor(weights, nats.shape)).sum(-1), 1e-7, "diffusion loss");

        int settled = Enumerable.Range(0, length).Count(Settled), width = golden.Inputs.GetProperty("metaschedule").GetProperty("width").GetInt32();
        var copied = ReleasedCopyLoss.Of(logScores, GoldenCase.Whole(golden.Inputs.GetProperty("x0")), ReleasedCopyLoss.Weights(settled, doubled ? settled : width));
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("ce_loss")), copied, what: "loss on settled tokens");
        return null;
    }

    // The time at which a schedule reaches σ.
    private static double Time(INoiseSchedule schedule, double sigma) => schedule switch
    {
        LogLinear logLinear => (1 - Math.Exp(-sigma)) / (1 - logLinear.Epsilon),
        _ => Math.Log(sigma / schedule.Sigma(0)) / Math.Log(schedule.Sigma(1) / schedule.Sigma(0)),
    };
}
