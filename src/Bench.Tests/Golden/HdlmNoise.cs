namespace Bench.Tests.Golden;

/// <summary>HDLM's noise schedules, which are SEDD's with another ε.</summary>
public sealed class HdlmNoise : IGoldenFamily
{
    public string Family => "hdlm_noise";

    public string? Check(GoldenCase golden) => golden.Function.StartsWith("ARDiffusionNoise", StringComparison.Ordinal)
        ? "nothing in the public code constructs these position-dependent times; here a hyperschedule gives every position its own"
        : SeddNoise.Check(golden, epsilon: 5e-3);
}
