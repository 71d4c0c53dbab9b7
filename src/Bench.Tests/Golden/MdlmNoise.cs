using Bench.Noise;

namespace Bench.Tests.Golden;

/// <summary>MDLM's noise schedules.</summary>
public sealed class MdlmNoise : IGoldenFamily
{
    public string Family => "mdlm_noise";

    public string? Check(GoldenCase golden)
    {
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        if (golden.Function.EndsWith("importance_sampling_transformation", StringComparison.Ordinal))
        {
            // The transformed time is where our log-uniform share is reached by their log-linear one; their t runs from most to least.
            double epsilon = golden.Number("eps");
            var uniform = new LogUniform(-Math.Exp(-golden.Expected.GetProperty("sigma_min").GetDouble()) + 1, 1 - epsilon);
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("t_out")), [.. times.Select(t => uniform.Jumped(t) / (1 - epsilon))], 1e-9, "t");
            return null;
        }

        INoiseSchedule schedule = Schedule(golden);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("sigma")), [.. times.Select(schedule.Sigma)], 1e-9, "sigma");
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("dsigma")), [.. times.Select(schedule.Rate)], 1e-9, "dsigma");
        if (golden.Expected.TryGetProperty("move_chance", out var moved))
            Close.Assert(GoldenCase.Numbers(moved), [.. times.Select(schedule.Jumped)], 1e-9, "move chance");
        return null;
    }

    private static INoiseSchedule Schedule(GoldenCase golden)
    {
        var parameters = golden.Inputs.GetProperty("params");
        double Parameter(string name) => parameters.GetProperty(name).GetDouble();
        return golden.Inputs.GetProperty("type").GetString() switch
        {
            "LogLinearNoise" => new LogLinear(golden.Number("effective_eps")),
            "CosineNoise" => new Cosine(1, golden.Number("effective_eps")),
            "CosineSqrNoise" => new Cosine(2, golden.Number("effective_eps")),
            "Linear" => new Linear(Parameter("sigma_min"), Parameter("sigma_max")),
            "GeometricNoise" => new Geometric(Parameter("sigma_min"), Parameter("sigma_max")),
            var type => throw new NotSupportedException($"no noise schedule called {type}"),
        };
    }
}
