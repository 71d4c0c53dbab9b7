using Bench.Objectives;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's noise times: strata over all blocks of a batch.</summary>
/// <remarks>
/// This suite puts the rows of a batch into strata and spreads the blocks of a row evenly around the row's level; each block's time has the same law. What is compared is the
/// strata themselves.
/// </remarks>
public sealed class Bd3lmSampleTime : IGoldenFamily
{
    public string Family => "bd3lm_sample_t";

    public string? Check(GoldenCase golden)
    {
        if (!golden.Has("antithetic"))
            return "times without strata are the draws themselves";
        double[] draws = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[0].GetProperty("values"));
        var (length, width) = (golden.Count("length"), golden.Count("block_size"));
        var (least, most) = (golden.Number("sampling_eps_min"), golden.Number("sampling_eps_max"));
        int repeated = width == length ? 1 : width; // one column stands for a block of the whole length
        double[] times = [.. Strata.Of(draws.Length, k => draws[k]).SelectMany(level => Enumerable.Repeat(least + ((most - least) * level), repeated))];
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("t")), times, 1e-12, "t");
        return null;
    }
}
