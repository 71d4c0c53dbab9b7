using Bench.Methods;
using Bench.Metrics;
using Bench.Objectives;
using TorchSharp;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's noise times: strata over all blocks of a batch, or none.</summary>
/// <remarks>
/// This suite puts the rows of a batch into strata and spreads the blocks of a row evenly around the row's level; each block's time has the
/// same distribution. What is compared is the strata themselves.
/// </remarks>
public sealed class Bd3lmSampleTime : IGoldenFamily
{
    public string Family => "bd3lm_sample_t";

    public string? Check(GoldenCase golden)
    {
        double[] draws = GoldenDraw.All(golden).Single().Uniforms();
        var (length, width) = (golden.Count("length"), golden.Count("block_size"));
        golden.Only("batch", golden.Count("batch") * (length / width) == draws.Length,
            "such that there is a draw for each block of each row");
        var (least, most) = (golden.Number("sampling_eps_min"), golden.Number("sampling_eps_max"));
        int repeated = width == length ? 1 : width; // one position stands for a block of the whole length
        double[] levels = golden.Has("antithetic") ? Strata.Of(draws.Length, k => draws[k]) : draws;
        if (golden.Has("antithetic"))
        {
            // What is measured as published takes their times as they are.
            var protocol = new PublishedProtocol { LeastTime = least, MostTime = most };
            double[][] times = new PublishedPerplexity((NetworkMethod)MethodTable.Find("bd3lm")!, protocol, default, torch.CPU)
                .Times(golden.Count("batch"), length / width, k => draws[k]);
            golden.Expected.Match("t", [.. times.SelectMany(row => row).SelectMany(time => Enumerable.Repeat(time, repeated))], 1e-12,
                "t as published");
        }

        golden.Expected.Match("t", [.. levels.SelectMany(level => Enumerable.Repeat(least + ((most - least) * level), repeated))], 1e-12);
        return null;
    }
}
