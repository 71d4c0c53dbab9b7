using Bench.Noise;

namespace Bench.Tests.Golden;

/// <summary>SEDD's noise schedules.</summary>
public sealed class SeddNoise : IGoldenFamily
{
    public string Family => "sedd_noise";

    public string? Check(GoldenCase golden)
    {
        var parameters = golden.Inputs.GetProperty("params");
        INoiseSchedule schedule = golden.Function == "LogLinearNoise"
            ? new LogLinear(golden.Number("effective_eps"))
            : new Geometric(parameters.GetProperty("sigma_min").GetDouble(), parameters.GetProperty("sigma_max").GetDouble());
        Compare("sigma", schedule.Sigma);
        Compare("dsigma", schedule.Rate);
        Compare("move_chance", schedule.Jumped);
        return null;

        void Compare(string name, Func<double, double> ours) =>
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty(name)), [.. GoldenCase.Numbers(golden.Inputs.GetProperty("t")).Select(ours)], 1e-11, name);
    }
}
