using Bench.Noise;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's noise schedules: masked shares, and the weights of masked tokens, which that code gives a minus.</summary>
/// <remarks>The weights are held to the exact ones. The public code's own equal them except in its cosine, whose denominator has an ε too many, and where a share is clamped.</remarks>
public sealed class Bd3lmNoise : IGoldenFamily
{
    public string Family => "bd3lm_noise";

    public string? Check(GoldenCase golden)
    {
        double epsilon = golden.Number("eps");
        string type = golden.Inputs.GetProperty("type").GetString()!;
        INoiseSchedule schedule = type switch
        {
            "loglinear" => new LogLinear(0),
            "square" or "square_root" => new Polynomial(golden.Number("exp")),
            "log" => new Logarithmic(),
            "cosine" => new Cosine(1, Epsilon: 0, Masked: epsilon),
            _ => throw new NotSupportedException($"no noise schedule called {type}"),
        };
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        double[] weights = [.. times.Select(t => -schedule.MaskedWeight(t))], shares = [.. times.Select(schedule.Jumped)];
        Close.Assert(GoldenCase.Numbers(golden.Json.GetProperty("exact").GetProperty("loss_scaling")), weights, 1e-9, "exact weight");

        bool clamps = type is "square" or "square_root";
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("move_chance")), [.. shares.Select(share => clamps ? Math.Max(share, epsilon) : share)], 1e-9, "masked share");
        double[] released = GoldenCase.Numbers(golden.Expected.GetProperty("loss_scaling"));
        for (int i = 0; i < times.Length; i++)
        {
            if (type != "cosine" && !(clamps && shares[i] < epsilon))
                Close.Assert(released[i], weights[i], 1e-9, $"released weight at {times[i]}");
        }

        if (type == "loglinear")
        {
            // σ alone has an ε there.
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("total_noise")), [.. times.Select(new LogLinear(epsilon).Sigma)], 1e-9, "sigma");
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("rate_noise")), [.. times.Select(new LogLinear(epsilon).Rate)], 1e-9, "dsigma");
        }

        return null;
    }
}
