using Bench.Noise.Schedules;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's noise schedules: masked shares, and the weights of masked tokens, which that code gives a minus.</summary>
/// <remarks>The exact weights are ours. The public code's own equal them except in its cosine, whose denominator has an ε too many, and
/// where a share is clamped.</remarks>
public sealed class Bd3lmNoise : IGoldenFamily
{
    public string Family => "bd3lm_noise";

    public string? Check(GoldenCase golden)
    {
        string type = golden.Text("type");
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        var noise = type == "log" ? Bd3lmSchedule.Of(type) : Bd3lmSchedule.Of(type, golden.Number("eps"));
        if (type is "square" or "square_root")
            noise = noise with { Schedule = new Polynomial(golden.Number("exp")) }; // the name is that of the published powers, 2 and 1/2
        golden.Exact.Match("loss_scaling", [.. times.Select(t => -noise.Schedule.MaskedWeight(t))]);
        golden.Expected.Match("loss_scaling", [.. times.Select(t => -noise.Weight(t))]);
        golden.Expected.Match("move_chance", [.. times.Select(noise.Moved)]);
        if (type == "loglinear")
        {
            // σ alone has an ε there.
            var sigma = new LogLinear(golden.Number("eps"));
            golden.Expected.Match("total_noise", [.. times.Select(sigma.Sigma)]);
            golden.Expected.Match("rate_noise", [.. times.Select(sigma.Rate)]);
            golden.Expected.Match("sigma_max", sigma.Sigma(1));
        }

        return null;
    }
}
