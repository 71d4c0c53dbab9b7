using Bench.Noise.Schedules;

namespace Bench.Tests.Golden;

/// <summary>SEDD's noise schedules.</summary>
public sealed class SeddNoise : IGoldenFamily
{
    public string Family => "sedd_noise";

    public string? Check(GoldenCase golden) => Check(golden, epsilon: 1e-3);

    /// <summary>The same with the default of another public code.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="epsilon">The clean share where none is given.</param>
    public static string? Check(GoldenCase golden, double epsilon)
    {
        var parameters = golden.Inputs.GetProperty("params");
        INoiseSchedule schedule = golden.Text("type") switch
        {
            "LogLinearNoise" => new LogLinear(GivenNoise.Epsilon(golden, epsilon)),
            "GeometricNoise" => new Geometric(parameters.GetProperty("sigma_min").GetDouble(), parameters.GetProperty("sigma_max")
                .GetDouble()),
            var type => throw new NotSupportedException($"no noise schedule called {type}"),
        };
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        golden.Expected.Match("sigma", [.. times.Select(schedule.Sigma)], 1e-11);
        golden.Expected.Match("dsigma", [.. times.Select(schedule.Rate)], 1e-11);
        golden.Expected.Match("move_chance", [.. times.Select(schedule.Jumped)], 1e-11);
        return null;
    }
}
