using Bench.Noise.Schedules;

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
            // The transformed time is where our log-uniform share is reached by their log-linear one, which runs from σ = ε to −ln ε.
            double epsilon = golden.Number("eps");
            var uniform = new LogUniform(1 - Math.Exp(-epsilon), 1 - epsilon);
            golden.Expected.Match("t_out", [.. times.Select(t => uniform.Jumped(t) / (1 - epsilon))]);
            golden.Expected.Match("sigma_min", uniform.Sigma(0));
            golden.Expected.Match("sigma_max", uniform.Sigma(1));
            return null;
        }

        INoiseSchedule schedule = Schedule(golden);
        golden.Expected.Match("sigma", [.. times.Select(schedule.Sigma)], 1e-9, "sigma");
        golden.Expected.Match("dsigma", [.. times.Select(schedule.Rate)], 1e-9, "dsigma");
        if (golden.Expected.Has("move_chance"))
            golden.Expected.Match("move_chance", [.. times.Select(schedule.Jumped)]);
        if (golden.Expected.Has("importance_sampling_transformation"))
        {
            var (first, last) = (schedule.Sigma(0), schedule.Sigma(1));
            var uniform = new LogUniform(1 - Math.Exp(-first), 1 - Math.Exp(-last));
            golden.Expected.Match("importance_sampling_transformation",
                [.. times.Select(t => (uniform.Sigma(t) - first) / (last - first))]);
        }

        return null;
    }

    private static INoiseSchedule Schedule(GoldenCase golden)
    {
        var parameters = golden.Inputs.GetProperty("params");
        double Parameter(string name) => parameters.GetProperty(name).GetDouble();
        return golden.Text("type") switch
        {
            "LogLinearNoise" => new LogLinear(GivenNoise.Epsilon(golden, 1e-3)),
            "CosineNoise" => new Cosine(1, GivenNoise.Epsilon(golden, 1e-3)),
            "CosineSqrNoise" => new Cosine(2, GivenNoise.Epsilon(golden, 1e-3)),
            "Linear" => new Linear(Parameter("sigma_min"), Parameter("sigma_max")),
            "GeometricNoise" => new Geometric(Parameter("sigma_min"), Parameter("sigma_max")),
            var type => throw new NotSupportedException($"no noise schedule called {type}"),
        };
    }
}
